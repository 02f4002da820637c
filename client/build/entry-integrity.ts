import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** An element of the page that loads a file of the build. */
const loading = /<(script|link)\b[^>]*?\b(?:src|href)="(\/assets\/[^"]+)"/g;

/**
 * Has the browser check what the page begins with: scripts, what they import at once, and styles. Everything that is
 * loaded later is checked by the service worker before it is kept (service-worker.ts).
 */
export function entryIntegrity(): Plugin {
  return {
    name: 'landbote-entry-integrity',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler: async ({ dir }) => addIntegrity(dir ?? ''),
    },
  };
}

async function addIntegrity(folder: string): Promise<void> {
  const page = join(folder, 'index.html');
  const html = await readFile(page, 'utf8');
  const addresses = [...html.matchAll(loading)].flatMap(([, , address]) => address ?? []);
  const digests = new Map(
    await Promise.all(addresses.map(async (at) => [at, await digestOf(join(folder, at))] as const)),
  );
  await writeFile(
    page,
    html.replaceAll(loading, (element, _tag, address: string) => `${element} integrity="${digests.get(address)}"`),
  );
}

async function digestOf(path: string): Promise<string> {
  return `sha384-${createHash('sha384')
    .update(await readFile(path))
    .digest('base64')}`;
}
