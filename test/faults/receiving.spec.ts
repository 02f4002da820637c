import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { visitor } from '../e2e/stack.ts';
import { scrollBackTo, timelineNote, watchTimeline } from '../e2e/watched-timeline.ts';
import { numbered, sendPatiently, toldMessages } from '../harness/matrix/many-messages.ts';
import { roomNamed, sessionOf, takeCutSeat, type CutSeat } from './cut-seat.ts';
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
  const { page } = cut.seat;
  await watchTimeline(page, series);
  await scrollBackTo(page, async () => (await timelineNote(page)).seen.includes(told[0] ?? series));
  const { windows } = await timelineNote(page);
  expect(told).toHaveLength(count);
  return timelineFaults(told, windows);
}

test('after the homeserver was away for a while, everything sent meanwhile is there, in order and once', async () => {
  test.setTimeout(300_000);
  const cut = await takeCutSeat(miriam);
  const faults = await compareAfter(cut, 40, async (sending) => {
    await cut.seat.write('Entwurf');
    const lift = cut.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
    cut.proxy.cutAll();
    await expect(cut.seat.page.getByText('Keine Verbindung')).toBeVisible();
    await sending;
    lift();
    await expect(cut.seat.page.getByText('Keine Verbindung')).toBeHidden();
  });
  expect(faults).toEqual([]);
  await expect(cut.seat.page.getByRole('textbox', { name: /^Nachricht an / })).toHaveValue('Entwurf');
  await cut.close();
});

test('while the homeserver is away and after, somebody who reads further up stays there', async () => {
  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  const series = `Meldung ${randomUUID().slice(0, 8)}`;
  await sendPatiently(session, roomId, numbered(series, 30));
  const cut = await takeCutSeat(miriam);
  await cut.seat.openRoom(room);
  const read = cut.seat.message(`${series} 0005`);
  await expect(cut.seat.message(`${series} 0030`)).toBeVisible();
  await read.scrollIntoViewIfNeeded();
  await expect(read).toBeInViewport();
  const lift = cut.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  cut.proxy.cutAll();
  await expect(cut.seat.page.getByText('Keine Verbindung')).toBeVisible();
  await sendPatiently(session, roomId, numbered(`${series} danach`, 10));
  lift();
  await expect(cut.seat.page.getByText('Keine Verbindung')).toBeHidden();
  await expect(cut.seat.message(`${series} danach 0010`)).toBeAttached();
  await expect(read).toBeInViewport();
  await cut.close();
});
