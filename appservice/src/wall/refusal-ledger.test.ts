import { expect, test } from 'vitest';
import { createRefusalLedger, type Refusal } from './refusal-ledger.ts';

const refusal: Refusal = {
  callback: 'user_may_invite',
  rule: 'invite.bot-only',
  attacker: '@jana.mueller:land.hessen.test',
  room: '!room',
};

function ledgerWithClock() {
  const rows: { refusal: Refusal; times: number }[] = [];
  const clock = { now: 0 };
  const ledger = createRefusalLedger(
    async (written, times) => {
      rows.push({ refusal: written, times });
    },
    () => clock.now,
  );
  return { ledger, rows, clock };
}

test('writes the first refusal of its kind at once', async () => {
  const { ledger, rows } = ledgerWithClock();
  await ledger.record(refusal);
  expect(rows).toEqual([{ refusal, times: 1 }]);
});

test('counts identical refusals within a minute and writes their number afterwards', async () => {
  const { ledger, rows, clock } = ledgerWithClock();
  for (let time = 0; time < 5; time += 1) await ledger.record(refusal);
  await ledger.writeCounted();
  expect(rows).toHaveLength(1);
  clock.now = 60_000;
  await ledger.writeCounted();
  expect(rows).toEqual([
    { refusal, times: 1 },
    { refusal, times: 4 },
  ]);
});

test('the next refusal after the minute writes the counted ones and itself', async () => {
  const { ledger, rows, clock } = ledgerWithClock();
  await ledger.record(refusal);
  await ledger.record(refusal);
  clock.now = 60_001;
  await ledger.record(refusal);
  expect(rows.map((row) => row.times)).toEqual([1, 1, 1]);
});

test('two concurrent refusals never write the counted ones twice', async () => {
  const { ledger, rows, clock } = ledgerWithClock();
  for (let time = 0; time < 4; time += 1) await ledger.record(refusal);
  clock.now = 60_001;
  await Promise.all([ledger.record(refusal), ledger.record(refusal)]);
  clock.now = 120_002;
  await ledger.writeCounted();
  expect(rows.reduce((sum, row) => sum + row.times, 0)).toBe(6);
});

test('keeps different attackers, rooms and rules apart', async () => {
  const { ledger, rows } = ledgerWithClock();
  await ledger.record(refusal);
  await ledger.record({ ...refusal, room: '!other' });
  await ledger.record({ ...refusal, attacker: '@uwe.adler:land.hessen.test' });
  await ledger.record({ ...refusal, rule: 'invite.outside-domain' });
  expect(rows).toHaveLength(4);
});

test('an attacker who varies the room cannot fill the audit trail', async () => {
  const { ledger, rows } = ledgerWithClock();
  for (let number = 0; number < 5_000; number += 1) await ledger.record({ ...refusal, room: `!${number}` });
  expect(rows.length).toBeLessThanOrEqual(1_001);
  expect(rows.at(-1)?.refusal).toMatchObject({ rule: 'invite.bot-only', attacker: null, room: null });
});
