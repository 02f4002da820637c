import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverNameOf, userIdSchema, type UserId } from '#contract/ids.ts';
import { anyOrganisation, land, ministryAndSchool } from '../organisation/test-organisations.ts';
import { findClosedAccounts, withoutClosed } from './closed-accounts.ts';
import { computeDesiredState } from './desired-state.ts';
import { afterChanges, membership, nothing, withState } from './model-homeserver.ts';
import { membershipsOf } from './observed-state.ts';
import { computePlan } from './plan.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const anna = userIdSchema.parse('@anna.leit:land.hessen.test');
const bert = userIdSchema.parse('@bert.ref:land.hessen.test');
const stranger = userIdSchema.parse('@gewesen:land.hessen.test');
const closed: ReadonlySet<UserId> = new Set([bert, stranger]);

const desired = computeDesiredState(ministryAndSchool, land);
const remaining = withoutClosed(desired, closed);
const settled = afterChanges(nothing, computePlan(remaining, nothing, bot).changes, bot);

test('whoever has a closed account is brought nowhere, also into no new room, and everybody else is', () => {
  fc.assert(
    fc.property(anyOrganisation, fc.integer({ min: 0, max: 3 }), (organisation, which) => {
      const everything = computeDesiredState(organisation, land);
      const gone = new Set([...everything.everybody].filter((_person, index) => index % 4 === which));
      const { rooms } = afterChanges(nothing, computePlan(withoutClosed(everything, gone), nothing, bot).changes, bot);
      for (const room of everything.rooms) {
        const there = rooms.get(room.address);
        if (there === undefined) throw new Error(`There is no room ${room.address}.`);
        const expected = room.members.filter((person) => !gone.has(person) && serverNameOf(person) === land);
        const present = [...membershipsOf(there)].filter(([, value]) => value === 'join').map(([person]) => person);
        expect(new Set(present)).toEqual(new Set([bot, ...expected]));
        expect(there.roster?.members.filter((person) => gone.has(person)) ?? []).toEqual([]);
      }
    }),
  );
});

test('who has left all rooms with the account is missed in none, although declared', () => {
  expect(computePlan(remaining, settled, bot).changes).toEqual([]);
});

test('who was put back into a room goes, and an account that was opened again comes back', () => {
  const address = 'room/hkm/referat';
  const putBack = withState(settled, address, membership(bert, 'join'), bot);
  expect(computePlan(remaining, putBack, bot).changes).toMatchObject([{ kind: 'Kick', address, userId: bert }]);
  const opened = computePlan(desired, settled, bot).changes;
  expect(opened).toContainEqual(expect.objectContaining({ kind: 'Join', address, userId: bert }));
});

test('everybody who is declared and has a closed account is reported, and nobody else', () => {
  const report = { kind: 'ClosedAccount', address: bert, before: 'closed', after: 'open' };
  expect(findClosedAccounts(desired.everybody, closed)).toEqual([report]);
  expect(findClosedAccounts(desired.everybody, new Set())).toEqual([]);
  expect(remaining.everybody.has(anna)).toBe(true);
});
