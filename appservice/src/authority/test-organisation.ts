/** Two ministries with approvers of different reach, and a room over both. */
import type { Organisation } from '#contract/organisation.ts';
import { userIdOf, type UserId } from '#contract/ids.ts';
import { land, organisationOf } from '../organisation/test-organisations.ts';

export const userId = (person: string): UserId => userIdOf(person, land);

interface Person {
  readonly id: string;
  readonly name?: string;
  readonly unit?: string;
  readonly roles?: readonly unknown[];
}

export interface Changes {
  readonly kultusPeople?: readonly Person[];
  readonly finanzenPeople?: readonly Person[];
  readonly kultusRooms?: readonly unknown[];
  readonly kultusUnits?: readonly unknown[];
}

const jointRoom = { id: 'haushalt', class: 'gemeinsam', members: [{ unit: 'hkm/referat' }, { body: 'hmdf' }] };

export const kultusPeople: readonly Person[] = [
  { id: 'kim.kultus', roles: ['approver', 'provisioner'] },
  { id: 'ria.referat', unit: 'referat', roles: [{ role: 'approver', scope: 'hkm/abteilung' }] },
  { id: 'anna.leit', unit: 'abteilung' },
];
export const finanzenPeople: readonly Person[] = [
  { id: 'fin.anzen', roles: ['approver', 'provisioner'] },
  { id: 'zoe.zentral', roles: [{ role: 'approver', scope: '*' }, { role: 'provisioner', scope: '*' }, 'auditor'] },
];
export const kultusUnits = [{ id: 'abteilung', name: 'Abteilung', units: [{ id: 'referat', name: 'Referat' }] }];
const kultusRooms = [{ ...jointRoom, name: 'Haushalt' }];
export const renamedJointRoom = { ...jointRoom, name: 'Haushalt 2027' };

/** The two ministries, with what `changes` replaces. */
export function ministries(changes: Changes = {}): Organisation {
  const named = (people: readonly Person[]) => people.map((person) => ({ name: person.id, ...person }));
  return organisationOf([
    {
      id: 'hkm',
      short: 'HKM',
      name: 'Kultusministerium',
      server: land,
      units: changes.kultusUnits ?? kultusUnits,
      people: named(changes.kultusPeople ?? kultusPeople),
      announcers: [{ body: 'hkm' }],
      rooms: changes.kultusRooms ?? kultusRooms,
    },
    {
      id: 'hmdf',
      short: 'HMdF',
      name: 'Finanzministerium',
      server: land,
      people: named(changes.finanzenPeople ?? finanzenPeople),
      announcers: [{ body: 'hmdf' }],
    },
  ]);
}
