import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const compress = promisify(brotliCompress);

/** Writes a `.br` twin beside every script, style and WebAssembly file, for client/serve to hand out. */
function precompress(): Plugin {
  return {
    name: 'landbote-precompress',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const compressible = Object.values(bundle).filter((file) => /\.(css|js|wasm)$/.test(file.fileName));
      await Promise.all(
        compressible.map(async (file) => {
          const content = file.type === 'chunk' ? file.code : file.source;
          // Quality 9 takes a second for all files, 11 half a minute for a tenth less.
          const source = await compress(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source });
        }),
      );
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), precompress()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy allows no data: addresses, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The Matrix SDK with its cryptography is one large chunk by nature; it is loaded after the first paint.
    chunkSizeWarningLimit: 1500,
  },
});
