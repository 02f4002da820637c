import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

it('ships the whole text of the EUPL 1.2: preamble, fifteen articles, appendix', async () => {
  const text = await readFile(new URL('LICENSE', root), 'utf8');
  const articles = [...text.matchAll(/^(\d+)\.[A-Z]/gm)].map((match) => Number(match[1]));

  expect(text).toMatch(/^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/);
  expect(articles).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  expect(text).toContain('‘Compatible Licences’ according to Article 5 EUPL are:');
  expect(text.trimEnd()).toMatch(/require the production of a new EUPL version\.$/);
});

it('names that licence in package.json', async () => {
  const manifest = await readFile(new URL('package.json', root), 'utf8');

  expect(JSON.parse(manifest)).toMatchObject({ license: 'EUPL-1.2' });
});
