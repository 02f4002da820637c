import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openAttacks } from '#test/federation/border/open-cases.ts';
import { tableRows } from './markdown-table.ts';

const attacks = await readFile(new URL('../../docs/attacks.md', import.meta.url), 'utf8');
const rows = tableRows(attacks, 'attack');

it('names in docs/attacks.md each attack once', () => {
  const numbers = rows.map((row) => row.get('attack') ?? '');

  expect(numbers.length).toBeGreaterThan(50);
  expect(new Set(numbers).size).toBe(numbers.length);
});

it('calls open in docs/attacks.md exactly what the border gateway still has to stop', () => {
  const called = rows.filter((row) => row.get('tested in')?.includes('open until the border gateway'));
  const open = openAttacks.map(({ name }) => name.split(' ')[0]);

  expect(new Set(called.map((row) => row.get('attack')))).toEqual(new Set(open));
});
