import { expect, test } from 'vitest';
import { userIdSchema, type UserId } from '#contract/ids.ts';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import { createClosedAccounts, rememberedMs } from './closed-accounts.ts';

const anna = userIdSchema.parse('@anna:land.hessen.test');
const doro = userIdSchema.parse('@doro:schule.hessen.test');
const deactivated = new HomeserverError(403, 'M_USER_DEACTIVATED', 'Invites have been disabled on this server');

function setUp(own: readonly UserId[]) {
  const clock = { now: 1_000 };
  const homeserver = { closedAccounts: () => Promise.resolve(new Set(own)) };
  return { clock, accounts: createClosedAccounts(homeserver, () => clock.now) };
}

test('what the own homeserver says and what others have refused count alike', async () => {
  const { accounts } = setUp([anna]);
  expect(accounts.known()).toEqual(new Set());
  expect(accounts.noteRefusal(doro, deactivated)).toBe(true);
  expect(await accounts.read()).toEqual(new Set([anna, doro]));
  expect(accounts.known()).toEqual(new Set([anna, doro]));
});

test('a refusal for another reason says nothing of the account', async () => {
  const { accounts } = setUp([]);
  for (const error of [new HomeserverError(403, 'M_FORBIDDEN', 'not here'), new Error('broken')]) {
    expect(accounts.noteRefusal(doro, error)).toBe(false);
  }
  expect(await accounts.read()).toEqual(new Set());
});

test('after a while the other homeserver is asked again', async () => {
  const { accounts, clock } = setUp([]);
  accounts.noteRefusal(doro, deactivated);
  clock.now += rememberedMs - 1;
  expect(await accounts.read()).toEqual(new Set([doro]));
  clock.now += 1;
  expect(await accounts.read()).toEqual(new Set());
});
