import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { problemCodeSchema } from '#contract/problem.ts';
import { problemCatalogue } from './problem-catalogue.ts';

const documentation = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

function sectionOf(code: string): string {
  const [, section = ''] = documentation.split(`\n## ${code}\n`);
  return section.split('\n## ')[0] ?? '';
}

test.each(problemCodeSchema.options)('docs/errors.md explains %s with status, cause and remedy', (code) => {
  const section = sectionOf(code);
  expect(section).toContain(`Status ${problemCatalogue[code].status}`);
  expect(section).toContain('**Cause:**');
  expect(section).toContain('**Remedy:**');
});

test('docs/errors.md explains no code that does not exist', () => {
  const explained = [...documentation.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(new Set(explained)).toEqual(new Set<string>(problemCodeSchema.options));
});
