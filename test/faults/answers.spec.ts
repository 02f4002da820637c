/** Answers of the homeserver that are none. What can be shown is shown; what comes after them is there. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { RoomId } from '#contract/ids.ts';
import { visitor } from '../e2e/stack.ts';
import { badGateway, type Fault, type SeenRequest } from '../harness/cutting-proxy/faults.ts';
import { numbered, sendPatiently } from '../harness/matrix/many-messages.ts';
import { accepted, roomPath } from '../harness/matrix/rooms.ts';
import type { MatrixSession } from '../harness/matrix/session.ts';
import { roomNamed, sessionOf, takeCutSeat, type CutSeat } from './cut-seat.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const jonas = visitor('land.hessen.test', 'jonas.reith');
const room = 'Hochwasserschutz Eder 2027';

const isSync = ({ path }: SeenRequest): boolean => path.includes('simplified_msc3575/sync');
const isHistory = ({ path }: SeenRequest): boolean => /\/rooms\/[^/]+\/messages/.test(path);

function answering(body: string): Fault {
  return { kind: 'answer', status: 200, type: 'application/json', body };
}

function rewriting(rewrite: (answer: Readonly<Record<string, unknown>>) => unknown): Fault {
  return { kind: 'rewrite', rewrite: (body) => JSON.stringify(rewrite(JSON.parse(body))) };
}

const wrongRoom = { timeline: 'none', required_state: 3, name: {}, joined_count: 'many', notification_count: null };
const wrongEvents = [null, 7, {}, { type: 1, content: null }, { type: 'm.room.message', event_id: 4, sender: [] }];

const answers: readonly [string, Fault][] = [
  ['a page of a proxy', badGateway],
  ['nothing', answering('')],
  ['a list', answering('[]')],
  ['ten megabytes', answering(JSON.stringify({ pos: 1, rooms: 'x'.repeat(10_000_000) }))],
  ['wrong types', rewriting((answer) => ({ ...answer, pos: 7, rooms: 'none', lists: 4, extensions: [] }))],
  ['rooms of wrong types', rewriting((answer) => ({ ...answer, rooms: { '!a:land.hessen.test': wrongRoom, b: 3 } }))],
  [
    'events of wrong types',
    rewriting((answer) => ({ ...answer, rooms: { '!a:land.hessen.test': { timeline: wrongEvents } } })),
  ],
];

function typingPath(roomId: RoomId, { userId }: MatrixSession): string {
  return roomPath(roomId, `typing/${encodeURIComponent(userId)}`);
}

/** One for all: what an answer did to it would show in the next test, too. */
let cut: CutSeat;

test.beforeAll(async () => {
  cut = await takeCutSeat(miriam);
});
test.afterAll(() => cut.close());

for (const [what, fault] of answers) {
  test(`${what} for an answer to the sync: rooms and messages stay, and what comes next is shown`, async () => {
    const session = await sessionOf(jonas);
    const roomId = await roomNamed(session, room);
    await cut.seat.openRoom(room);
    const [before, after] = numbered(`Meldung ${randomUUID().slice(0, 8)}`, 2);
    if (!before || !after) throw new Error('two messages');
    cut.proxy.inject({ fault, matches: isSync, times: 2 });
    const asked = cut.proxy.requests.length;
    let types = false;
    // Ends the request that waits; the next ones get what is none.
    await sendPatiently(session, roomId, [before]);
    await expect
      .poll(async () => {
        // One that gets a real answer waits, until there is something new again; no message, of which many make a gap.
        types = !types;
        accepted(await session.request('PUT', typingPath(roomId, session), { typing: types, timeout: 30_000 }));
        return cut.proxy.requests.slice(asked).filter(isSync).length;
      })
      .toBeGreaterThanOrEqual(4);
    await sendPatiently(session, roomId, [after]);
    await expect(cut.seat.message(before.body)).toHaveCount(1);
    await expect(cut.seat.message(after.body)).toHaveCount(1);
    await expect(cut.seat.room(room)).toBeVisible();
    await expect(cut.seat.page.getByText('Keine Verbindung')).toBeHidden();
  });
}

test('empty pages of history that have an end are passed', async () => {
  const session = await sessionOf(jonas);
  const roomId = await roomNamed(session, room);
  const messages = numbered(`Meldung ${randomUUID().slice(0, 8)}`, 45);
  await sendPatiently(session, roomId, messages);
  const fresh = await takeCutSeat(miriam);
  const empty = rewriting((answer) => ({ ...answer, chunk: [], end: answer['start'] }));
  fresh.proxy.inject({ fault: empty, matches: isHistory, times: 2 });
  await fresh.seat.openRoom(room);
  const first = fresh.seat.message(messages[0]?.body ?? '');
  await fresh.seat.page.getByRole('region', { name: /^Nachrichten in / }).hover();
  await expect(async () => {
    await fresh.seat.page.mouse.wheel(0, -400);
    await expect(first).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 60_000 });
  expect(fresh.proxy.requests.filter(isHistory).length).toBeGreaterThanOrEqual(3);
  await fresh.close();
});
