import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { browsers } from './build/browsers.ts';
import { entryIntegrity } from './build/entry-integrity.ts';
import { readFirst } from './build/read-first.ts';
import { serviceWorker } from './build/service-worker.ts';
import { staticIcons } from './build/static-icons.ts';

const compress = promisify(brotliCompress);

/** Writes a `.br` twin beside every script, style and WebAssembly file, for client/serve to hand out. */
function precompress(): Plugin {
  return {
    name: 'landbote-precompress',
    apply: 'build',
    // After all other plugins are done with the files.
    writeBundle: {
      order: 'post',
      async handler({ dir }, bundle) {
        const names = Object.keys(bundle).filter((name) => /\.(css|js|wasm)$/.test(name));
        await Promise.all(names.map((name) => writeTwin(join(dir ?? '', name))));
      },
    },
  };
}

async function writeTwin(path: string): Promise<void> {
  // Quality 9 takes a second for all files, 11 half a minute for a tenth less.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  await writeFile(`${path}.br`, await compress(await readFile(path), { params }));
}

/**
 * The cryptography stands alone, but the SDK's modules name each other all around; nothing of theirs works by being
 * loaded. Without this its chunk would bring client, rooms and calls along, twice the size.
 */
const rolldownOptions = {
  treeshake: {
    moduleSideEffects: [{ test: /node_modules\/(matrix-js-sdk|matrix-events-sdk|unhomoglyph)\//, sideEffects: false }],
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [
    staticIcons(),
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    readFirst(),
    precompress(),
    entryIntegrity(),
    serviceWorker(),
  ],
  // The engine loads its cryptography as a chunk of its own, which only modules can.
  worker: { format: 'es', rolldownOptions },
  build: {
    target: browsers,
    rolldownOptions,
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy allows no data: addresses, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The Matrix SDK with its cryptography is one large chunk by nature; it is loaded after the first paint.
    chunkSizeWarningLimit: 1500,
  },
});
