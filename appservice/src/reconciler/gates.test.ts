/** Named after the mishap that each gate prevents. */
import { expect, test } from 'vitest';
import { serverNameSchema, userIdSchema } from '#contract/ids.ts';
import { computeDesiredState } from './desired-state.ts';
import { usualLimits } from './gates.ts';
import { computePlan } from './plan.ts';
import { afterChanges, nothing } from './model-homeserver.ts';
import { land, ministryAndSchool, organisationOf } from '../organisation/test-organisations.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const desired = computeDesiredState(ministryAndSchool, land);

function refusalsWith(changed: Partial<(typeof desired)['rooms'][number]>): string[] {
  const rooms = desired.rooms.map((room) => (room.address === 'room/hkm' ? { ...room, ...changed } : room));
  return computePlan({ ...desired, rooms }, nothing, bot).refusals.map(({ gate }) => gate);
}

function bigBody(people: number) {
  const names = Array.from({ length: people }, (_, number) => ({ id: `person-${number}`, name: `Person ${number}` }));
  return organisationOf([
    { id: 'amt', short: 'Amt', name: 'Amt', server: land, people: names, announcers: [{ body: 'amt' }] },
  ]);
}

function refusalsOfShrinking(before: number, after: number, limits = usualLimits): string[] {
  const full = computeDesiredState(bigBody(before), land);
  const world = afterChanges(nothing, computePlan(full, nothing, bot).changes, bot);
  return computePlan(computeDesiredState(bigBody(after), land), world, bot, limits).refusals.map(({ gate }) => gate);
}

test('forgot the own homeserver in an ACL', () => {
  expect(refusalsWith({ servers: [serverNameSchema.parse('schule.hessen.test')] })).toEqual(['own-server']);
});

test('a stranger slipped into an ACL', () => {
  expect(refusalsWith({ servers: [land, serverNameSchema.parse('fremd.test')] })).toEqual(['foreign-server']);
});

test('an ACL of thousands of entries, which every server would evaluate at every event', () => {
  const servers = Array.from({ length: usualLimits.aclEntriesMax }, (_, number) =>
    serverNameSchema.parse(`s${number}.test`),
  );
  expect(refusalsWith({ servers: [land, ...servers] })).toContain('acl-size');
});

test('somebody of another domain became a member', () => {
  const officer = userIdSchema.parse('@streife:polizei.hessen.test');
  const everybody = new Set([...desired.everybody, officer]);
  const rooms = desired.rooms.map((room) => ({ ...room, members: [...room.members, officer] }));
  const { refusals } = computePlan({ ...desired, rooms, everybody }, nothing, bot);
  expect(new Set(refusals.map(({ gate }) => gate))).toEqual(new Set(['foreign-person']));
});

test('the bot was made a poster, which room version 12 refuses', () => {
  expect(refusalsWith({ posters: [bot] })).toEqual(['bot-power']);
});

test('the directory delivered only a part of the people', () => {
  expect(refusalsOfShrinking(40, 0)).toEqual(['mass-removal']);
  expect(refusalsOfShrinking(40, 29)).toEqual(['mass-removal']);
});

test('a quarter may leave at once, and in a small office anybody may', () => {
  expect(refusalsOfShrinking(40, 30)).toEqual([]);
  expect(refusalsOfShrinking(4, 0)).toEqual([]);
});

test('how many may leave at once is a matter of configuration', () => {
  expect(refusalsOfShrinking(40, 20, { ...usualLimits, removalShareMax: 0.5 })).toEqual([]);
  expect(refusalsOfShrinking(40, 30, { ...usualLimits, removalShareMax: 0.1 })).toEqual(['mass-removal']);
  expect(refusalsOfShrinking(4, 2, { ...usualLimits, removalsWithoutGate: 0 })).toEqual(['mass-removal']);
});
