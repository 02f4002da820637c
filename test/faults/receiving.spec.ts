/** What comes in while the homeserver is away, or while clocks are wrong (F1, F17). */
import { randomUUID } from 'node:crypto';
import { expect, test, type Locator } from '@playwright/test';
import type { RoomId } from '#contract/ids.ts';
import { Seat } from '../e2e/seat.ts';
import { noticesOf, setSight, system } from '../e2e/shown-notices.ts';
import { visitor } from '../e2e/stack.ts';
import { scrollBackTo, timelineNote, watchTimeline } from '../e2e/watched-timeline.ts';
import type { SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { numbered, sendPatiently, toldMessages } from '../harness/matrix/many-messages.ts';
import type { MatrixSession } from '../harness/matrix/session.ts';
import { roomNamed, sessionOf, takeCutSeat, type CutSeat } from './cut-seat.ts';
import { timelineFaults } from './timeline-check.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';
const clockSkewMs = 600_000;

const isSync = ({ path }: SeenRequest): boolean => path.includes('simplified_msc3575/sync');

let cut: CutSeat;
let session: MatrixSession;
let roomId: RoomId;
/** Begins the text of each message of a test. */
let series: string;

test.beforeAll(async () => {
  [cut, session] = await Promise.all([takeCutSeat(miriam, system), sessionOf(jonas)]);
  roomId = await roomNamed(session, room);
});

test.beforeEach(() => {
  series = `Meldung ${randomUUID().slice(0, 8)}`;
});

test.afterAll(() => cut.close());

function outageSign(): Locator {
  return cut.seat.page.getByText('Keine Verbindung');
}

/** The homeserver is away, and the person has been told; and is back again, once `meanwhile` has happened. */
async function duringOutage(meanwhile: () => Promise<void>): Promise<void> {
  const lift = cut.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  cut.proxy.cutAll();
  await expect(outageSign()).toBeVisible();
  await meanwhile();
  lift();
  await expect(outageSign()).toBeHidden();
}

test('after the homeserver was away for a while, everything sent meanwhile is there, in order and once, and the draft', async () => {
  test.setTimeout(300_000);
  const { seat } = cut;
  await seat.openRoom(room);
  await seat.write('Entwurf');
  const sending = sendPatiently(session, roomId, numbered(series, 40));
  await duringOutage(() => sending);
  const told = await toldMessages(session, roomId, series);
  await expect(seat.message(told.at(-1) ?? series)).toBeVisible({ timeout: 90_000 });
  await watchTimeline(seat.page, series);
  await scrollBackTo(seat.page, async () => (await timelineNote(seat.page)).seen.includes(told[0] ?? series));
  const { windows } = await timelineNote(seat.page);
  expect(told).toHaveLength(40);
  expect(timelineFaults(told, windows)).toEqual([]);
  await expect(seat.page.getByRole('textbox', { name: /^Nachricht an / })).toHaveValue('Entwurf');
});

test('while the homeserver is away and after, somebody who reads further up stays there', async () => {
  const { seat } = cut;
  await sendPatiently(session, roomId, numbered(series, 12));
  await seat.page.reload();
  await seat.openRoom(room);
  await expect(seat.message(`${series} 0012`)).toBeVisible();
  const read = seat.message(`${series} 0002`);
  await read.scrollIntoViewIfNeeded();
  await expect(seat.message(`${series} 0012`)).not.toBeInViewport();
  const before = await read.boundingBox();
  await duringOutage(() => sendPatiently(session, roomId, numbered(`${series} danach`, 3)));
  await expect(seat.message(`${series} danach 0003`)).toBeAttached();
  expect(await read.boundingBox()).toEqual(before);
});

test('what comes in after an outage is told once, also where its key comes after it', async ({ browser }) => {
  const { seat } = cut;
  // A new device, and so a key that is not there yet.
  const writer = await Seat.signIn(browser, jonas);
  await seat.page.getByRole('button', { name: 'Einstellungen' }).click();
  await seat.page.getByText('Mit Namen und Text').click();
  await seat.page.keyboard.press('Escape');
  await seat.startDirectChat('jonas reith', 'Jonas Reith');
  await writer.openRoom('Miriam Sauer');
  await setSight(seat.page, 'hidden');
  const told: string[] = [];
  for (let outage = 1; outage <= 2; outage += 1) {
    const text = `Ausfall ${outage} ${randomUUID()}`;
    await duringOutage(() => writer.send(text));
    told.push(text);
    await expect.poll(async () => (await noticesOf(seat.page)).map(({ body }) => body)).toEqual(told);
  }
  await writer.close();
});

/** Each time in an answer is ten minutes off, this way and that in turn. */
function jumpingClock(): { rewrite(body: string): string; readonly jumps: number } {
  let jumps = 0;
  const jump = (_: string, time: string): string => {
    jumps += 1;
    return `"origin_server_ts":${Number(time) + (jumps % 2 === 0 ? clockSkewMs : -clockSkewMs)}`;
  };
  return {
    rewrite: (body) => body.replaceAll(/"origin_server_ts":(\d+)/g, jump),
    get jumps() {
      return jumps;
    },
  };
}

// The last one: the page's clock stays wrong.
test('whatever the clocks of homeserver and page say, messages stand in the order of the homeserver', async () => {
  const { seat } = cut;
  await seat.openRoom(room);
  await seat.page.clock.setFixedTime(Date.now() + clockSkewMs);
  const clock = jumpingClock();
  cut.proxy.inject({ fault: { kind: 'rewrite', rewrite: (body) => clock.rewrite(body) }, matches: isSync });
  const own = `${series} 0005`;
  const [before, after] = [numbered(series, 4), { body: `${series} 0006` }];
  await sendPatiently(session, roomId, before);
  await seat.send(own);
  await expect(seat.mark(own, 'Gesendet')).toBeAttached();
  await sendPatiently(session, roomId, [after]);
  await expect(seat.message(after.body)).toBeVisible();
  const shown = await seat.message(series).allInnerTexts();
  const order = shown.map((text) => text.slice(text.indexOf(series)).slice(0, own.length));
  expect(order).toEqual([...before.map(({ body }) => body), own, after.body]);
  expect(clock.jumps, 'one each way').toBeGreaterThanOrEqual(2);
});
