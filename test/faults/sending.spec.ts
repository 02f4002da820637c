import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Seat } from '../e2e/seat.ts';
import { visitor } from '../e2e/stack.ts';
import { badGateway, expiredToken, limited, serverFault, type Fault } from '../harness/cutting-proxy/faults.ts';
import { isSending, takeCutSeat, type CutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

const faults: readonly [string, Fault][] = [
  ['the line is cut before the request', { kind: 'refuse' }],
  ['the line is cut in the middle of the request', { kind: 'cut-request', afterBytes: 40 }],
  ['the answer is lost', { kind: 'lose-answer' }],
  ['the answer is cut', { kind: 'cut-response', afterBytes: 8 }],
  ['a proxy answers with a page', badGateway],
  ['the homeserver has a fault', serverFault],
  ['the homeserver asks for patience', limited(1_500)],
  ['the access token has run out', expiredToken],
];

let cut: CutSeat;
let other: Seat;

test.beforeAll(async ({ browser }) => {
  [cut, other] = await Promise.all([takeCutSeat(miriam), Seat.signIn(browser, jonas)]);
  await Promise.all([cut.seat.openRoom(room), other.openRoom(room)]);
});

test.afterAll(() => Promise.all([cut.close(), other.close()]));

/** The requests that send a message, from now on. */
function sendingsFromNow(): () => readonly string[] {
  const before = cut.proxy.requests.length;
  return () =>
    cut.proxy.requests
      .slice(before)
      .filter(isSending)
      .map(({ path }) => path);
}

async function arrivesOnce(message: string): Promise<void> {
  const after = `Danach ${randomUUID()}`;
  await cut.seat.send(after);
  // What comes later proves that nothing of the earlier message is still to come.
  await expect(other.message(after)).toHaveCount(1);
  await expect(other.message(message)).toHaveCount(1);
  await expect(cut.seat.message(message)).toHaveCount(1);
  await expect(cut.seat.mark(message, 'Gesendet')).toBeAttached();
}

for (const [what, fault] of faults) {
  test(`a message arrives once, though ${what}`, async () => {
    const sendings = sendingsFromNow();
    cut.proxy.inject({ fault, matches: isSending, times: 1 });
    const message = `Der Pegel steigt ${randomUUID()}`;
    await cut.seat.send(message);
    await expect(other.message(message)).toHaveCount(1);
    await arrivesOnce(message);
    expect(new Set(sendings()).size, 'each of the two messages has one transaction').toBe(2);
  });
}

test('a message that the homeserver is slow with is sent once', async () => {
  const sendings = sendingsFromNow();
  cut.proxy.inject({ fault: { kind: 'delay', milliseconds: 10_000 }, matches: isSending, times: 1 });
  const message = `Langsam ${randomUUID()}`;
  await cut.seat.send(message);
  await expect(cut.seat.mark(message, 'Wird gesendet')).toBeAttached();
  await arrivesOnce(message);
  const [first, ...later] = sendings();
  expect(later).not.toContain(first);
});

test('messages wait in their order while the database is away, and none of them counts as failed', async () => {
  const sendings = sendingsFromNow();
  const lift = cut.proxy.inject({ fault: serverFault, matches: () => true });
  const messages = ['Erstens', 'Zweitens', 'Drittens'].map((words) => `${words} ${randomUUID()}`);
  for (const message of messages) await cut.seat.send(message);
  await expect.poll(() => sendings().length).toBeGreaterThanOrEqual(4);
  for (const message of messages) {
    await expect(cut.seat.mark(message, 'Wird gesendet')).toBeAttached();
  }
  expect(new Set(sendings()).size, 'nothing overtakes the first').toBe(1);
  lift();
  for (const message of messages) await expect(cut.seat.mark(message, 'Gesendet')).toBeAttached();
  await expect(other.message(messages.at(-1) ?? '')).toHaveCount(1);
  const shown = await other.page.getByRole('article').allInnerTexts();
  const order = messages.map((message) => shown.findIndex((text) => text.includes(message)));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  for (const message of messages) await expect(other.message(message)).toHaveCount(1);
});
