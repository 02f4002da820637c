import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { RoomId } from '#contract/ids.ts';
import { visitor } from '../e2e/stack.ts';
import { scrollBackTo, timelineNote, watchTimeline } from '../e2e/watched-timeline.ts';
import { numbered, sendPatiently, toldMessages } from '../harness/matrix/many-messages.ts';
import { signOut, type MatrixSession } from '../harness/matrix/session.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { roomNamed, sessionOf, takeCutSeat, type CutSeat } from './cut-seat.ts';
import { timelineFaults } from './timeline-check.ts';

const land = (localpart: string) => visitor('land.hessen.test', localpart);
const miriam = land('miriam.sauer');
/** Several, because a homeserver slows down whoever writes a lot. */
const writers = ['jonas.reith', 'frieder.bolte', 'emeka.obi', 'pia.rosenkranz', 'anselm.kober', 'amira.haddad'];
const writerNames = ['Jonas Reith', 'Frieder Bolte', 'Emeka Obi', 'Pia Rosenkranz', 'Anselm Kober', 'Amira Haddad'];

const absences = 3;
const messagesPerAbsence = 100;

let cut: CutSeat;
let sessions: MatrixSession[];
let series: string;
let told: string[];

test.beforeAll(async () => {
  test.setTimeout(300_000);
  cut = await takeCutSeat(miriam);
  sessions = await Promise.all(writers.map((name) => sessionOf(land(name))));
  series = `Meldung ${randomUUID().slice(0, 8)}`;
  const group = `Pegelstände ${series}`;
  await cut.seat.startGroup(group, writerNames);
  const [roomId] = await Promise.all(sessions.map((session) => whenIn(session, group)));
  if (!roomId) throw new Error('nobody writes');
  const messages = numbered(series, absences * messagesPerAbsence);
  for (let absence = 0; absence < absences; absence += 1) {
    const missed = messages.slice(absence * messagesPerAbsence, (absence + 1) * messagesPerAbsence);
    await whileAway(() => sendInTurn(roomId, missed));
    await expect(cut.seat.message(missed.at(-1)?.body ?? '')).toBeVisible({ timeout: 60_000 });
  }
  const [writer] = sessions;
  if (writer) told = await toldMessages(writer, roomId, series);
});

test.afterAll(async () => {
  await Promise.all(sessions.map(signOut));
  await cut.close();
});

test('scrolling back through gaps shows every message once and in order, and none of them moves', async () => {
  const { page } = cut.seat;
  const first = told[0] ?? '';
  await watchTimeline(page, series);
  await scrollBackTo(page, async () => (await timelineNote(page)).seen.includes(first));
  const { seen, windows, moved } = await timelineNote(page);
  expect(told).toHaveLength(absences * messagesPerAbsence);
  const nothing: string[] = [];
  expect({ faults: timelineFaults(told, windows), seen, moved }).toEqual({
    faults: nothing,
    seen: told.toReversed(),
    moved: nothing,
  });
});

/** Whoever is added to a group is in it a moment later. */
function whenIn(session: MatrixSession, group: string): Promise<RoomId> {
  return waitUntil(`${session.userId} in the group`, () => roomNamed(session, group).catch(() => undefined));
}

/** The reader's line is cut for as long as the work takes: what happens meanwhile is a gap. */
async function whileAway(work: () => Promise<void>): Promise<void> {
  const lift = cut.proxy.inject({ fault: { kind: 'refuse' }, matches: () => true });
  cut.proxy.cutAll();
  await work();
  lift();
}

async function sendInTurn(roomId: RoomId, messages: readonly { readonly body: string }[]): Promise<void> {
  for (const [index, message] of messages.entries()) {
    const session = sessions[index % sessions.length];
    if (session) await sendPatiently(session, roomId, [message]);
  }
}
