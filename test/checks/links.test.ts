import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

async function documents(): Promise<readonly string[]> {
  const names = await readdir(join(root, 'docs'), { recursive: true });
  return ['README.md', ...names.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

/** Targets of `[text](target)` within the repository; without the place in the page. */
function localTargets(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]?.split('#')[0] ?? '')
    .filter((target) => target !== '' && !target.includes(':'));
}

it.each(await documents())('leads somewhere with every link in %s', async (document) => {
  const targets = localTargets(await readFile(join(root, document), 'utf8'));

  expect(targets.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
});
