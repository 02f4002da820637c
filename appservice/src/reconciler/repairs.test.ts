import { expect, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import type { StateContent } from '#appservice/matrix/ports.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';
import { computeDesiredState, type Removals } from './desired-state.ts';
import { afterChanges, membership, nothing, withState } from './model-homeserver.ts';
import { computePlan } from './plan.ts';
import { computeRoomDrift, type RoomDrift } from './repairs.ts';
import { withoutMassRemoval } from './restrict-plan.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const operator = userIdSchema.parse('@admin-wurzel:land.hessen.test');
const anna = userIdSchema.parse('@anna.leit:land.hessen.test');
const bert = userIdSchema.parse('@bert.ref:land.hessen.test');
const desired = computeDesiredState(ministryAndSchool, land);
const settled = afterChanges(nothing, computePlan(desired, nothing, bot).changes, bot);
const unitRoom = 'room/hkm/referat';

function driftAfter(
  state: StateContent,
  isSettled = true,
  address = unitRoom,
  removals: Removals = new Map(),
): RoomDrift {
  const room = withState(settled, address, state, operator).rooms.get(address);
  const wanted = desired.rooms.find((one) => one.address === address);
  if (room === undefined || wanted === undefined) throw new Error(`There is no room ${address}.`);
  const desiredAddresses = new Set(desired.rooms.map((one) => one.address));
  const { rooms } = settled;
  const { everybody } = desired;
  const context = { serverName: land, bot, everybody, isSettled, desiredAddresses, rooms, removals };
  return computeRoomDrift(wanted, room, context);
}

function stateOf(type: string, content: StateContent['content']): StateContent {
  return { type, state_key: '', content };
}

const kindsOf = (changes: RoomDrift['repairs']): string[] => changes.map(({ kind }) => kind);

test.each<[string, StateContent, string[]]>([
  ['the server ACL', stateOf('m.room.server_acl', { allow: ['*'], deny: [] }), ['SetServerAcl']],
  ['the power levels', stateOf('m.room.power_levels', { users: { [operator]: 100 } }), ['SetPowerLevels']],
  ['the encryption', stateOf('m.room.encryption', { algorithm: 'none' }), ['SetEncryption']],
  [
    'the history visibility',
    stateOf('m.room.history_visibility', { history_visibility: 'world_readable' }),
    ['SetHistoryVisibility'],
  ],
  ['the join rules', stateOf('m.room.join_rules', { join_rule: 'public' }), ['SetJoinRules']],
  ['guest access', stateOf('m.room.guest_access', { guest_access: 'can_join' }), ['SetGuestAccess']],
  ['a stranger who was joined', membership(operator, 'join'), ['Kick']],
])('%s is put right at once, also while a revision is being carried out', (_what, state, repairs) => {
  expect(kindsOf(driftAfter(state).repairs)).toEqual(repairs);
  expect(kindsOf(driftAfter(state, false).repairs)).toEqual(repairs);
});

test('a changed name weakens nothing: it is reported and left', () => {
  const { repairs, reports } = driftAfter(stateOf('m.room.name', { name: 'Kaffeerunde' }));
  expect(repairs).toEqual([]);
  expect(reports).toMatchObject([{ kind: 'SetName', before: { name: 'Kaffeerunde' } }]);
});

test('a foreign room in a space leads people astray and goes; a link that is missing is reported', () => {
  const foreign = { type: 'm.space.child', state_key: '!fremd', content: { via: ['polizei.hessen.test'] } };
  expect(kindsOf(driftAfter(foreign, true, 'space/hkm').repairs)).toEqual(['UnlinkSpaceChild']);
  const announcements = settled.rooms.get('room/hkm')?.roomId ?? '';
  const { repairs, reports } = driftAfter({ ...foreign, state_key: announcements, content: {} }, true, 'space/hkm');
  expect(repairs).toEqual([]);
  expect(reports).toMatchObject([{ kind: 'LinkSpaceChild', after: 'room/hkm' }]);
});

test('a member whom nobody but a moderator may ban is let in again', () => {
  const { repairs } = driftAfter(membership(bert, 'ban'));
  expect(kindsOf(repairs)).toEqual(['Unban', 'Invite', 'Join']);
});

test('whom a moderator put out stays out: banned they are left so, let in by somebody else they go again', () => {
  const removals = new Map([[unitRoom, new Set([bert])]]);
  expect(driftAfter(membership(bert, 'ban'), true, unitRoom, removals).repairs).toMatchObject([
    { kind: 'SetRoster', after: [] },
  ]);
  for (const value of ['leave', 'invite', 'join']) {
    const { repairs } = driftAfter(membership(bert, value), true, unitRoom, removals);
    expect(repairs).toMatchObject([{ kind: 'SetRoster' }, { kind: 'Ban', userId: bert, after: 'ban' }]);
  }
});

test('a server ACL whose values have the wrong types is put right', () => {
  const acl = { allow: ['land.hessen.test'], deny: [], allow_ip_literals: 'false' };
  expect(kindsOf(driftAfter(stateOf('m.room.server_acl', acl)).repairs)).toEqual(['SetServerAcl']);
});

test('while a revision is carried out, who of the administration is in a room is left to the run', () => {
  const state = membership(anna, 'join');
  expect(kindsOf(driftAfter(state).repairs)).toEqual(['Kick']);
  expect(kindsOf(driftAfter(state, false).repairs)).toEqual([]);
});

test('however many strangers are in the rooms, what they opened is closed; a plan refused for something else stays whole', () => {
  const strangers = Array.from({ length: 40 }, (_, number) => userIdSchema.parse(`@fremd-${number}:land.hessen.test`));
  const opened = withState(settled, unitRoom, stateOf('m.room.join_rules', { join_rule: 'public' }), operator);
  const filled = strangers.reduce(
    (world, stranger) => withState(world, unitRoom, membership(stranger, 'join'), stranger),
    opened,
  );
  const refused = computePlan(desired, filled, bot);
  expect(refused.refusals).toMatchObject([{ gate: 'mass-removal' }]);
  const { changes, stages, refusals } = withoutMassRemoval(refused);
  expect(kindsOf(changes)).toEqual(['SetJoinRules']);
  expect(kindsOf(stages.flatMap((stage) => stage.changes))).toEqual(['SetJoinRules']);
  expect(refusals).toEqual([]);
  const forSomethingElse = {
    ...refused,
    refusals: [...refused.refusals, { gate: 'own-server', message: '' }],
  } as const;
  expect(withoutMassRemoval(forSomethingElse)).toBe(forSomethingElse);
});
