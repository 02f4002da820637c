import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import type { Fault } from '../harness/cutting-proxy/faults.ts';
import { isSending, takeCutSeat, type CutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

const faults: readonly [string, Fault][] = [
  ['the line is cut in the middle of the request', { kind: 'cut-request', afterBytes: 40 }],
];

let cut: CutSeat;
let other: Seat;

test.beforeAll(async ({ browser }) => {
  [cut, other] = await Promise.all([takeCutSeat(miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([cut.seat.openRoom(room), other.openRoom(room)]);
});

test.afterAll(() => Promise.all([cut.close(), other.close()]));

for (const [what, fault] of faults) {
  test(`a message arrives once, though ${what}`, async () => {
    const before = cut.proxy.requests.filter(isSending).length;
    cut.proxy.inject({ fault, matches: isSending, times: 1 });
    const message = `Der Pegel steigt ${randomUUID()}`;
    await cut.seat.send(message);
    await expect(other.message(message)).toHaveCount(1);
    const after = `Danach ${randomUUID()}`;
    await cut.seat.send(after);
    // What comes later proves that nothing of the earlier message is still to come.
    await expect(other.message(after)).toHaveCount(1);
    await expect(other.message(message)).toHaveCount(1);
    await expect(cut.seat.message(message)).toHaveCount(1);
    const [first, again] = cut.proxy.requests.filter(isSending).slice(before);
    expect(again, 'the same transaction is sent again').toEqual(first);
  });
}
