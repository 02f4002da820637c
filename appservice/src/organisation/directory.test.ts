import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { buildDirectory, peopleOfRule } from './directory.ts';
import { loadOrganisation } from './load-organisation.ts';

const reference = fileURLToPath(new URL('../../../synapse-config/organisation', import.meta.url));
const loaded = await loadOrganisation([join(reference, 'room-classes.yaml'), join(reference, 'land')]);
if (!loaded.ok) throw new Error('The reference organisation has faults.');
const directory = buildDirectory(loaded.organisation);

test('a unit has the people of the units below it', () => {
  const people = peopleOfRule(directory, { unit: 'hmdf/abteilung-3' }).map(({ id }) => id);
  expect(people.toSorted()).toEqual(['emeka.obi', 'katrin.vogelsang', 'miriam.sauer']);
});

test('a post has its holders, wherever they belong', () => {
  expect(peopleOfRule(directory, { post: 'hmdf/haushaltsauskunft' }).map(({ id }) => id)).toEqual(['miriam.sauer']);
});

test('a body has everybody, and a person is found by user id', () => {
  expect(peopleOfRule(directory, { body: 'hmdf' })).toHaveLength(4);
  const userId = userIdSchema.parse('@gundula.reiss:land.hessen.test');
  expect(directory.peopleByUserId.get(userId)).toMatchObject({ id: 'gundula.reiss', body: { id: 'hmdf' } });
});

test('a rule about nobody has nobody', () => {
  expect(peopleOfRule(directory, { person: 'niemand' })).toEqual([]);
});

test('a function and a role name everybody who has it within a place, and nobody else', () => {
  const idsOf = (rule: Parameters<typeof peopleOfRule>[1]) => peopleOfRule(directory, rule).map(({ id }) => id);
  const leaders = idsOf({ function: 'Leitung', within: '*' });
  const inFinance = idsOf({ function: 'Leitung', within: 'hmdf' });
  expect(leaders.length).toBeGreaterThan(inFinance.length);
  expect(leaders).toEqual(expect.arrayContaining(inFinance));
  for (const id of leaders) expect(directory.people.get(id)?.declaration.function).toBe('Leitung');
  expect(idsOf({ role: 'approver', within: 'hmdis' })).toHaveLength(1);
  expect(idsOf({ role: 'approver', within: 'hmdf/abteilung-3' })).toEqual([]);
});
