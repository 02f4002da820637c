import { expect, test } from 'vitest';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';
import { computeDesiredState } from './desired-state.ts';
import { afterChanges, membership, nothing, withState } from './model-homeserver.ts';
import type { ObservedState } from './observed-state.ts';
import { blocks } from './order.ts';
import { computePlan } from './plan.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const stranger = userIdSchema.parse('@unbekannt:land.hessen.test');
const desired = computeDesiredState(ministryAndSchool, land);
const settled = afterChanges(nothing, computePlan(desired, nothing, bot).changes, bot);
const address = 'room/hkm/abteilung';
const [anna, bert] = [
  userIdSchema.parse('@anna.leit:land.hessen.test'),
  userIdSchema.parse('@bert.ref:land.hessen.test'),
];

function withRoster(members: readonly UserId[] | null, isDue = false): ObservedState {
  const room = settled.rooms.get(address);
  if (room === undefined) throw new Error('no room');
  const roster = members && { members, isDue };
  return { ...settled, rooms: new Map([...settled.rooms, [address, { ...room, roster }]]) };
}

const changesAfter = (observed: ObservedState) => computePlan(desired, observed, bot).changes;
const rosterAfter = (observed: ObservedState) =>
  changesAfter(observed).flatMap((change) => (change.kind === 'SetRoster' ? [change.after] : []));

test.each([
  ['is missing or is not ours', null],
  ['leaves somebody out', [anna]],
  ['names somebody who does not belong', [anna, bert, stranger]],
])('a roster that %s is signed anew, with exactly those who are declared', (_what, roster) => {
  expect(rosterAfter(withRoster(roster))).toEqual([[anna, bert]]);
});

test('who is in a room without belonging to it does not get onto its roster', () => {
  const slipped = withState(settled, address, membership(stranger, 'join'), bot);
  expect(changesAfter(slipped).filter((change) => change.address === address)).toMatchObject([
    { kind: 'Kick', userId: stranger },
  ]);
});

test('a roster that is due is signed anew as it was', () => {
  expect(rosterAfter(withRoster([anna, bert], true))).toEqual([[anna, bert]]);
});

test('whom a moderator has put out leaves the roster; a ban that nobody ordered changes nothing in it', () => {
  const removals = new Map([[address, new Set([bert])]]);
  const { changes } = computePlan({ ...desired, removals }, settled, bot);
  expect(changes).toContainEqual(expect.objectContaining({ kind: 'SetRoster', after: [anna] }));
  expect(rosterAfter(withState(settled, address, membership(bert, 'ban'), bot))).toEqual([]);
});

test('a room that is no longer declared keeps its roster alive, without those who have left the administration', () => {
  const without = { ...desired, rooms: desired.rooms.filter((room) => room.address !== address) };
  const changesOf = (observed: ObservedState, everybody = desired.everybody) =>
    computePlan({ ...without, everybody }, observed, bot).changes.filter((change) => change.address === address);
  expect(changesOf(withRoster([anna, bert]))).toEqual([]);
  expect(changesOf(withRoster([anna, bert], true))).toMatchObject([{ kind: 'SetRoster', after: [anna, bert] }]);
  expect(changesOf(withRoster([anna, bert]), new Set([anna]))).toContainEqual(
    expect.objectContaining({ kind: 'SetRoster', after: [anna] }),
  );
});

test('nobody is brought into a room whose roster could not be published', () => {
  const roster = changesAfter(withRoster(null)).find(({ kind }) => kind === 'SetRoster');
  const join = {
    kind: 'Join',
    address,
    userId: stranger,
    before: 'invite',
    after: 'join',
    reason: '',
    risk: 'low',
  } as const;
  expect(roster && blocks(roster, join)).toBe(true);
});

test('a space has no roster', () => {
  expect(settled.rooms.get('space/hkm')?.roster).toBeNull();
  expect(changesAfter(settled)).not.toContainEqual(expect.objectContaining({ kind: 'SetRoster' }));
});
