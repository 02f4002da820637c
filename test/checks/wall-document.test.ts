import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { doors } from '#test/federation/doors/all-doors.ts';
import { policyCallbacks } from '../../synapse-config/homeserver/render.ts';
import { codeIn, tableRows } from './markdown-table.ts';

const root = new URL('../../', import.meta.url);
const wall = await readFile(new URL('docs/wall.md', root), 'utf8');

it('describes in docs/wall.md exactly the doors that the tests try, and whether the server ACL is asked there', () => {
  const documented = tableRows(wall, 'door').map((row) => [row.get('door'), row.get('ACL')]);

  expect(documented).toEqual(doors.map(({ name, aclAsked }) => [name, aclAsked ? 'asked' : 'not asked']));
});

it('describes in docs/wall.md exactly the policy callbacks that are configured', () => {
  const documented = tableRows(wall, 'callback').map((row) => codeIn(row, 'callback'));

  expect(documented).toEqual(policyCallbacks);
});

it('names in docs/wall.md only keys that the homeserver template sets', async () => {
  const text = await readFile(new URL('synapse-config/homeserver/homeserver.template.yaml', root), 'utf8');
  const template = z.record(z.string(), z.unknown()).parse(parse(text));
  const documented = tableRows(wall, 'key').map((row) => codeIn(row, 'key'));

  expect(documented.length).toBeGreaterThan(10);
  expect(documented.filter((key) => !(key in template))).toEqual([]);
});
