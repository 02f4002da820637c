import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { rosterAgeMsMax, type Roster } from '#contract/roster.ts';
import { keyReceivers, newerRoster, problemOf, unknownMembers } from './judge-roster.ts';

const now = 1_800_000_000_000;
const hour = 60 * 60 * 1000;
const userIds = fc.array(
  fc
    .constantFrom('anna', 'ben', 'cem', 'landbote', 'landbote-x', 'admin-x')
    .map((name) => userIdSchema.parse(`@${name}:land.hessen.test`)),
);
const rosters: fc.Arbitrary<Roster> = fc.record({
  issuedAt: fc.integer({ min: now - 2 * rosterAgeMsMax, max: now + 2 * hour }),
  members: userIds,
});

function at(issuedAt: number): Roster {
  return { issuedAt, members: [] };
}

it('nobody gets keys whom the roster does not name, whoever the homeserver shows as a member', () => {
  fc.assert(
    fc.property(rosters, userIds, (roster, members) => {
      const receivers = keyReceivers(
        roster,
        members.map((userId) => ({ userId })),
      );
      for (const { userId } of receivers) expect(roster.members).toContain(userId);
      for (const userId of roster.members.filter((each) => members.includes(each)))
        expect(receivers).toContainEqual({ userId });
    }),
  );
});

it('everybody who gets no keys is named, but for the bot', () => {
  fc.assert(
    fc.property(rosters, userIds, (roster, members) => {
      const unknown = unknownMembers(roster, members);
      const receivers = keyReceivers(
        roster,
        members.map((userId) => ({ userId })),
      );
      const others = members.filter((userId) => !receivers.some((receiver) => receiver.userId === userId));
      expect(unknown).toEqual(others.filter((userId) => userId !== '@landbote:land.hessen.test'));
    }),
  );
});

it('in whatever order rosters come, the newest holds that is not from the future', () => {
  fc.assert(
    fc.property(fc.array(rosters), (found) => {
      const held = found.reduce<Roster | null>((known, each) => newerRoster(known, each, now), null);
      const credible = found.map(({ issuedAt }) => issuedAt).filter((issuedAt) => issuedAt <= now + hour);
      expect(held?.issuedAt ?? null).toBe(credible.length === 0 ? null : Math.max(...credible));
    }),
  );
});

test.each([
  ['there is none', null, 'missing'],
  ['it is of this moment', at(now), null],
  ['it is two weeks old', at(now - rosterAgeMsMax), null],
  ['it is older', at(now - rosterAgeMsMax - 1), 'outdated'],
] as const)('whether something may be sent if %s', (_what, roster, problem) => {
  expect(problemOf(roster, now)).toBe(problem);
});

test('a roster that is taken away or damaged afterwards goes on to hold', () => {
  expect(newerRoster(at(now), null, now)).toEqual(at(now));
});
