import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { ShellFile, ShellManifest } from '../src/service-worker/shell-manifest.ts';
import { browsers } from './browsers.ts';

/** Compressed twins; typefaces, of which a browser loads what it needs and does without the rest. */
const isLeftOut = /\.(br|woff2|json)$/;
const entry = fileURLToPath(new URL('../src/service-worker/service-worker.ts', import.meta.url));

/**
 * Builds `service-worker.js` once everything else is written, with the list of all files of the build and their
 * digests inside: any change of any file changes it, which is how browsers notice a new version.
 */
export function serviceWorker(): Plugin {
  return {
    name: 'landbote-service-worker',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler: async ({ dir }) => buildWorker(dir ?? '', await manifestOf(dir ?? '')),
    },
  };
}

/** A build of its own, so that the worker is one plain script, which every browser takes. */
async function buildWorker(outDir: string, manifest: ShellManifest): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    define: { SHELL_MANIFEST: JSON.stringify(manifest) },
    build: {
      target: browsers,
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      rollupOptions: { input: entry, output: { format: 'iife', entryFileNames: 'service-worker.js' } },
    },
  });
}

/** @param folder the built client. */
async function manifestOf(folder: string): Promise<ShellManifest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((found) => found.isFile()).map((found) => join(found.parentPath, found.name));
  const parts = paths.filter((path) => !isLeftOut.test(path)).toSorted();
  const files = await Promise.all(parts.map((path) => shellFile(folder, path)));
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  return { version, files };
}

async function shellFile(folder: string, path: string): Promise<ShellFile> {
  const digest = createHash('sha384')
    .update(await readFile(path))
    .digest('base64');
  const address = path.slice(folder.length).split(sep).join('/');
  return { path: address === '/index.html' ? '/' : address, integrity: `sha384-${digest}` };
}
