import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { visitor } from '../e2e/stack.ts';
import type { CuttingProxy } from '../harness/cutting-proxy/cutting-proxy.ts';
import { badGateway, serverFault, type Fault } from '../harness/cutting-proxy/faults.ts';
import { numbered, sendPatiently, toldMessages } from '../harness/matrix/many-messages.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import { roomNamed, sessionOf, takeCutSeat, windowsBackTo, type CutSeat } from './cut-seat.ts';
import { timelineFaults } from './timeline-check.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

/** Sends all, meanwhile does what `disturb` does, and compares the screen with the homeserver when the line holds. */
async function compareAfter(
  cut: CutSeat,
  count: number,
  disturb: (sending: Promise<void>) => Promise<void>,
): Promise<string[]> {
  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  await cut.seat.openRoom(room);
  const series = `Meldung ${randomUUID().slice(0, 8)}`;
  const sending = sendPatiently(session, roomId, numbered(series, count));
  await disturb(sending);
  await sending;
  const told = await toldMessages(session, roomId, series);
  await expect(cut.seat.message(told.at(-1) ?? series)).toBeVisible({ timeout: 90_000 });
  const ofSeries = (shown: readonly string[]): string[] =>
    shown.flatMap((text) => new RegExp(`${series} \\d{4}`).exec(text)?.[0] ?? []);
  const windows = await windowsBackTo(cut.seat, told[0] ?? series, ofSeries);
  expect(told).toHaveLength(count);
  return timelineFaults(told, windows);
}

test('after the homeserver was away for a while, everything sent meanwhile is there, in order and once', async () => {
  test.setTimeout(300_000);
  const cut = await takeCutSeat(miriam);
  const faults = await compareAfter(cut, 40, async (sending) => {
    const lift = cut.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
    cut.proxy.cutAll();
    await sending;
    lift();
  });
  expect(faults).toEqual([]);
  await cut.close();
});

for (const seed of [42]) {
  test(`a line that is cut at random points loses, doubles and reorders nothing (seed ${seed})`, async () => {
    test.setTimeout(300_000);
    const cut = await takeCutSeat(miriam);
    expect(await compareAfter(cut, 200, (sending) => cutAtRandom(cut.proxy, seed, sending))).toEqual([]);
    await cut.close();
  });
}

async function cutAtRandom(proxy: CuttingProxy, seed: number, sending: Promise<void>): Promise<void> {
  const random = seededRandom(seed);
  const ended = sending.then(() => true);
  const lifts: (() => void)[] = [];
  while (!(await Promise.race([ended, pause(100 + random(900), false)]))) {
    if (random(2) === 0) proxy.cutAll();
    else
      lifts.push(proxy.inject({ fault: randomFault(random), matches: ({ path }) => path.includes('sync'), times: 1 }));
  }
  // Faults that no request has met while the client paused: from here on the line holds.
  for (const lift of lifts) lift();
}

function randomFault(random: (limit: number) => number): Fault {
  const faults: readonly Fault[] = [
    { kind: 'cut-response', afterBytes: random(3000) },
    { kind: 'lose-answer' },
    { kind: 'refuse' },
    { kind: 'delay', milliseconds: random(1500) },
    badGateway,
    serverFault,
  ];
  return faults[random(faults.length)] ?? badGateway;
}
