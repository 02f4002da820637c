import { expect, test } from 'vitest';
import { computeDesiredState } from './desired-state.ts';
import { land, ministryAndSchool, schule } from '../organisation/test-organisations.ts';

function roomsOn(serverName: typeof land): Map<string, ReturnType<typeof computeDesiredState>['rooms'][number]> {
  return new Map(computeDesiredState(ministryAndSchool, serverName).rooms.map((room) => [room.address, room]));
}

test('every body lives on its own homeserver only', () => {
  expect([...roomsOn(land).keys()]).toEqual([
    'room/hkm',
    'room/hkm/+schulen',
    'room/hkm/abteilung',
    'room/hkm/referat',
    'space/hkm',
    'space/hkm/abteilung',
  ]);
  expect([...roomsOn(schule).keys()]).toEqual(['room/schule-eins', 'space/schule-eins']);
});

test('a unit without units below it has a room and no space; the room stands in the space above', () => {
  expect(roomsOn(land).get('room/hkm/referat')).toMatchObject({ parent: 'space/hkm/abteilung', class: 'einheit' });
});

test('a unit has the people of the units below it', () => {
  const members = roomsOn(land).get('room/hkm/abteilung')?.members;
  expect(members).toEqual(['@anna.leit:land.hessen.test', '@bert.ref:land.hessen.test']);
});

test('a room shows up where each of its members finds it', () => {
  const rooms = roomsOn(land);
  expect(rooms.get('space/hkm/abteilung')?.children).toContain('room/hkm/+schulen');
  // Cem belongs to no unit, so he is not in the unit's space.
  expect(rooms.get('space/hkm')?.children).toEqual(['room/hkm', 'room/hkm/+schulen', 'space/hkm/abteilung']);
});

test('accounts are those of this homeserver; everybody is the whole trust domain', () => {
  const { accounts, everybody } = computeDesiredState(ministryAndSchool, schule);
  expect(accounts).toEqual([{ userId: '@doro.schul:schule.hessen.test', displayName: 'Doro Schul' }]);
  expect(everybody.size).toBe(4);
});
