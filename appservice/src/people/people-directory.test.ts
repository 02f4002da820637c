import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { userIdSchema } from '#contract/ids.ts';
import { bodyFileSchema } from '#contract/organisation.ts';
import { buildPeopleDirectory } from './people-directory.ts';

const announcers = [{ body: 'hmdf' }];
const bodies = z.array(bodyFileSchema).parse([
  {
    id: 'hmdf',
    short: 'HMdF',
    name: 'Hessisches Ministerium der Finanzen',
    label: 'Finanzen',
    server: 'land.hessen.test',
    announcers,
    units: [
      { id: 'abteilung-3', name: 'Abteilung 3', units: [{ id: 'referat-3-4', name: 'Referat III 4 Grundstücke' }] },
    ],
    posts: [{ id: 'presse', name: 'Pressestelle', holders: ['jana.mueller'] }],
    people: [
      { id: 'jana.mueller', name: 'Jana Müller', unit: 'referat-3-4', function: 'Referentin', roles: ['approver'] },
      { id: 'timo.presser', name: 'Timo Presser', unit: 'referat-3-4' },
      { id: 'uwe.adler', name: 'Uwe Adler' },
    ],
  },
  {
    id: 'hkm',
    short: 'HKM',
    name: 'Hessisches Kultusministerium',
    server: 'land.hessen.test',
    announcers,
    units: [{ id: 'referat-3-4', name: 'Referat Schulbau' }],
    people: [
      { id: 'anna.mueller', name: 'Anna Mueller', unit: 'referat-3-4' },
      { id: 'zoe.mueller', name: 'Zoë Müller-Lüdenscheid' },
    ],
  },
]);
const directory = buildPeopleDirectory({ bodies });
const caller = userIdSchema.parse('@uwe.adler:land.hessen.test');
const jana = userIdSchema.parse('@jana.mueller:land.hessen.test');

function namesFound(query: string, asCaller = caller): string[] {
  return directory.search(query, 20, asCaller).people.map((person) => person.name);
}

describe('search', () => {
  test.each([
    ['the beginning of a first name', 'ja', ['Jana Müller']],
    [
      'a family name, own body first, then by name',
      'müller',
      ['Jana Müller', 'Anna Mueller', 'Zoë Müller-Lüdenscheid'],
    ],
    ['an umlaut written out', 'mueller jana', ['Jana Müller']],
    ['an umlaut left out', 'muller ja', ['Jana Müller']],
    ['the second part of a double name', 'lüd', ['Zoë Müller-Lüdenscheid']],
    ['a double name as a whole', 'Müller-Lüdenscheid', ['Zoë Müller-Lüdenscheid']],
    ['the short name of a body and a name', 'hkm müll', ['Anna Mueller', 'Zoë Müller-Lüdenscheid']],
    ['the label of a body', 'finanzen timo', ['Timo Presser']],
    ['a unit of the own body', 'grundstücke', ['Jana Müller', 'Timo Presser']],
    ['a unit with the same id in another body', 'schulbau', ['Anna Mueller']],
    ['a function', 'referentin', ['Jana Müller']],
    ['a post, after the name that begins alike', 'press', ['Timo Presser', 'Jana Müller']],
  ])('finds people by %s', (_by, query, expected) => {
    expect(namesFound(query)).toEqual(expected);
  });

  test('finds nobody if one word begins no word of theirs', () => {
    expect(namesFound('jana schulbau')).toEqual([]);
  });

  test('does not find the middle of a word', () => {
    expect(namesFound('üller')).toEqual([]);
  });

  test('one word of a person does not answer for two different words', () => {
    expect(namesFound('jana janaz')).toEqual([]);
  });

  test('never shows the caller', () => {
    expect(namesFound('müller', jana)).not.toContain('Jana Müller');
  });

  test('without words shows the own unit', () => {
    expect(namesFound('', jana)).toEqual(['Timo Presser']);
  });

  test('without words shows nobody to somebody who is not declared', () => {
    expect(namesFound(' - ', userIdSchema.parse('@admin-it:land.hessen.test'))).toEqual([]);
  });

  test('cuts at the limit and tells how many there are', () => {
    const found = directory.search('müller', 2, caller);
    expect(found.people.map((person) => person.name)).toEqual(['Jana Müller', 'Anna Mueller']);
    expect(found.total).toBe(3);
  });

  test.each(['__proto__', 'constructor', '\u0000', '%', '.*', '😀'])('survives %j', (query) => {
    expect(namesFound(query)).toEqual([]);
  });
});

describe('lookup', () => {
  test('answers the declared in the order asked, each once, and leaves out strangers', () => {
    const stranger = userIdSchema.parse('@streife:polizei.hessen.test');
    expect(directory.lookup([caller, stranger, jana, caller]).people.map((person) => person.userId)).toEqual([
      caller,
      jana,
    ]);
  });

  test('shows unit, function and posts', () => {
    expect(directory.person(jana)).toEqual({
      userId: jana,
      name: 'Jana Müller',
      body: 'hmdf',
      unit: { id: 'referat-3-4', name: 'Referat III 4 Grundstücke' },
      function: 'Referentin',
      posts: ['Pressestelle'],
    });
    expect(directory.rolesOf(jana)).toEqual(['approver']);
  });
});
