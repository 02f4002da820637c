import { expect, test } from 'vitest';
import { roomOriginKey, roomOriginSchema } from '#contract/event-content.ts';
import { roomIdSchema } from '#contract/ids.ts';
import type { RoomCreation } from '#appservice/matrix/ports.ts';
import { computeAgreementRoom } from './agreed-rooms.ts';
import { computeDesiredState } from './desired-state.ts';
import { computeRoomCreation } from './room-creation.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';

const rooms = computeDesiredState(ministryAndSchool, land).rooms;
const parent = roomIdSchema.parse('!space');

function creationOf(address: string): RoomCreation {
  const room = rooms.find((candidate) => candidate.address === address);
  if (room === undefined) throw new Error(`There is no room ${address}.`);
  return computeRoomCreation(room, { serverName: land, parent });
}

function contentOf(creation: RoomCreation, type: string): unknown {
  return creation.initial_state.find((state) => state.type === type)?.content;
}

test('a room of one homeserver never federates, and its origin cannot be changed later', () => {
  expect(creationOf('room/hkm').creation_content).toEqual({
    'm.federate': false,
    [roomOriginKey]: { domain: 'land', class: 'dienststelle', address: 'room/hkm', body: 'hkm' },
  });
});

test('a joint room says from the first day on when it ends', () => {
  const agreed = { id: 'a', name: 'Lage', purpose: 'Hochwasser', endsAt: '2027-03-31T16:00:00Z' };
  const people = { members: [], outsiders: [] };
  const room = computeAgreementRoom({ ...agreed, ...people }, ministryAndSchool, land);
  const { creation_content } = computeRoomCreation(room, { serverName: land, parent: null });
  expect(roomOriginSchema.parse(creation_content[roomOriginKey])).toMatchObject({
    class: 'verbund',
    endsAt: '2027-03-31T16:00:00Z',
  });
});

test('a room over two homeservers allows exactly these, and invites only the own people at its creation', () => {
  const creation = creationOf('room/hkm/+schulen');
  expect(creation.creation_content).toMatchObject({ 'm.federate': true });
  expect(contentOf(creation, 'm.room.server_acl')).toEqual({
    allow: ['land.hessen.test', 'schule.hessen.test'],
    deny: [],
    allow_ip_literals: false,
  });
  expect(creation.invite).toEqual(['@bert.ref:land.hessen.test', '@cem.haus:land.hessen.test']);
});

test('everything that protects a room is there from its first moment', () => {
  const creation = creationOf('room/hkm/referat');
  expect(creation).toMatchObject({ room_version: '12', visibility: 'private' });
  expect(contentOf(creation, 'm.room.encryption')).toEqual({ algorithm: 'm.megolm.v1.aes-sha2' });
  expect(contentOf(creation, 'm.room.history_visibility')).toEqual({ history_visibility: 'invited' });
  expect(contentOf(creation, 'm.room.join_rules')).toEqual({ join_rule: 'invite' });
  expect(contentOf(creation, 'm.room.guest_access')).toEqual({ guest_access: 'forbidden' });
  expect(contentOf(creation, 'm.room.retention')).toEqual({ max_lifetime: 30 * 24 * 60 * 60 * 1000 });
  expect(contentOf(creation, 'm.space.parent')).toEqual({ canonical: true, via: ['land.hessen.test'] });
});

test.each(['room/hkm', 'room/hkm/referat', 'space/hkm'])('in %s nobody but the creator can administer', (address) => {
  const levels = contentOf(creationOf(address), 'm.room.power_levels');
  expect(levels).toMatchObject({ invite: 100, kick: 100, ban: 100, redact: 100, state_default: 100, users_default: 0 });
  expect(levels).toMatchObject({
    events: { 'm.room.server_acl': 150, 'm.room.power_levels': 150, 'm.space.child': 150 },
  });
  expect(JSON.stringify(levels)).not.toContain('@landbote:');
});

test('where posting is named, only the named write, and everybody reacts', () => {
  expect(contentOf(creationOf('room/hkm'), 'm.room.power_levels')).toMatchObject({
    users: { '@anna.leit:land.hessen.test': 50 },
    events_default: 50,
    events: { 'm.reaction': 0, 'm.room.redaction': 0 },
  });
  expect(contentOf(creationOf('room/hkm/referat'), 'm.room.power_levels')).toMatchObject({
    users: {},
    events_default: 0,
  });
});

test('a space is a space, holds no messages and is not encrypted', () => {
  const creation = creationOf('space/hkm');
  expect(creation.creation_content).toMatchObject({ type: 'm.space' });
  expect(contentOf(creation, 'm.room.power_levels')).toMatchObject({ events_default: 100 });
  expect(contentOf(creation, 'm.room.encryption')).toBeUndefined();
});
