import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import {
  bodyFileSchema,
  homeserverDeclarationSchema,
  personSchema,
  postSchema,
  roomDeclarationSchema,
  trustDomainFileSchema,
} from '#contract/organisation.ts';
import { roomClassSchema } from '#contract/room-class.ts';
import { codeIn, tableRows } from './markdown-table.ts';

interface WithShape {
  readonly shape: object;
}

/** Its schema is recursive and therefore shows no shape. */
const unitKeys = ['id', 'previously', 'name', 'units'];

function keysOf({ shape }: WithShape, list = ''): readonly string[] {
  return Object.keys(shape).map((key) => `${list}${key}`);
}

it('describes in docs/organisation.md exactly the fields that the schemas have', async () => {
  const document = await readFile(new URL('../../docs/organisation.md', import.meta.url), 'utf8');
  const documented = tableRows(document, 'key').map((row) => codeIn(row, 'key'));

  const fields = [
    ...keysOf(trustDomainFileSchema),
    ...keysOf(homeserverDeclarationSchema, 'servers[].'),
    ...keysOf(roomClassSchema),
    ...keysOf(bodyFileSchema),
    ...unitKeys.map((key) => `units[].${key}`),
    ...keysOf(postSchema, 'posts[].'),
    ...keysOf(personSchema, 'people[].'),
    ...keysOf(roomDeclarationSchema, 'rooms[].'),
  ];
  expect(documented.toSorted()).toEqual(fields.toSorted());
});
