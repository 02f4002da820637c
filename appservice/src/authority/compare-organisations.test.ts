import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyOrganisation } from '../organisation/test-organisations.ts';
import { authorityOf } from './authority.ts';
import { compareOrganisations, placesOf } from './compare-organisations.ts';
import {
  finanzenPeople,
  kultusPeople,
  kultusUnits,
  ministries,
  renamedJointRoom,
  userId,
  type Changes,
} from './test-organisation.ts';

test.each<[string, Changes, string[], string[]]>([
  ['nothing', {}, [], []],
  [
    'a new person of a unit concerns the unit',
    { kultusPeople: [...kultusPeople, { id: 'neu.hier', unit: 'referat' }] },
    ['person/neu.hier'],
    ['hkm/abteilung/referat'],
  ],
  [
    'a person who moves between units concerns both',
    { kultusPeople: [...kultusPeople.slice(0, 2), { id: 'anna.leit', unit: 'referat' }] },
    ['person/anna.leit'],
    ['hkm/abteilung'],
  ],
  [
    'a person who moves between ministries concerns both',
    { kultusPeople: kultusPeople.slice(0, 2), finanzenPeople: [...finanzenPeople, { id: 'anna.leit' }] },
    ['person/anna.leit'],
    ['hkm/abteilung', 'hmdf'],
  ],
  [
    'a room over two ministries concerns both',
    { kultusRooms: [renamedJointRoom] },
    ['room/hkm/haushalt'],
    ['hkm', 'hmdf'],
  ],
  [
    'a unit concerns itself, not its whole ministry',
    { kultusUnits: [{ ...kultusUnits[0], name: 'Abteilung 1' }] },
    ['unit/hkm/abteilung'],
    ['hkm/abteilung'],
  ],
  [
    'a role concerns where it is to hold: nobody hands out more than they have',
    {
      kultusPeople: [
        ...kultusPeople.slice(0, 2),
        { id: 'anna.leit', unit: 'abteilung', roles: [{ role: 'approver', scope: 'hmdf' }] },
      ],
    },
    ['role/anna.leit/approver/hmdf'],
    ['hkm/abteilung', 'hmdf'],
  ],
  [
    'a role for the whole domain concerns the whole domain',
    { kultusPeople: [...kultusPeople.slice(0, 2), { id: 'anna.leit', unit: 'abteilung', roles: ['auditor'] }] },
    ['role/anna.leit/auditor/*'],
    ['*'],
  ],
])('%s', (_case, changes, keys, places) => {
  const differences = compareOrganisations(ministries(), ministries(changes));
  expect(differences.map(({ key }) => key)).toEqual(keys);
  expect(placesOf(differences)).toEqual(places);
});

test('comparing the other way round names the same items and places', () => {
  fc.assert(
    fc.property(anyOrganisation, anyOrganisation, (one, other) => {
      const [forth, back] = [compareOrganisations(one, other), compareOrganisations(other, one)];
      expect(back.map(({ key, places }) => [key, places])).toEqual(forth.map(({ key, places }) => [key, places]));
    }),
  );
});

test.each<[string, string[], boolean]>([
  ['kim.kultus', ['hkm'], true],
  ['kim.kultus', ['hkm/abteilung/referat'], true],
  ['kim.kultus', ['hmdf'], false],
  ['kim.kultus', ['hkm', 'hmdf'], false],
  ['kim.kultus', ['*'], false],
  ['ria.referat', ['hkm/abteilung/referat'], true],
  ['ria.referat', ['hkm'], false],
  ['ria.referat', ['hkm/abteilung-zwei'], false],
  ['zoe.zentral', ['*', 'hkm', 'hmdf'], true],
  ['anna.leit', ['hkm/abteilung'], false],
  ['weg.gezogen', ['hkm'], false],
])('whether %s may approve for %j: %s', (person, places, isCovered) => {
  expect(authorityOf(ministries()).covers(userId(person), 'approver', places)).toBe(isCovered);
});
