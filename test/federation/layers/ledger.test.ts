/**
 * The delivery ledger of a real homeserver: whatever another server is handed of a room stands in it, also if that server
 * says that it took nothing; and what cannot be noted is not sent (docs/adr/0020). The schools' server is a forged one,
 * which acknowledges no event.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EventId, RoomId } from '#contract/ids.ts';
import { knowRoom, stateEvent } from '#test/harness/federation/known-room.ts';
import { roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { memberOf, roomWithSchools, unitRoom } from '../rooms.ts';
import { schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';

let land: LayeredLand;
let roomId: RoomId;
let teacher: string;

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: true, policyUrl: null, ledger: true });
  const shared = await roomWithSchools(land.resident);
  roomId = shared.roomId;
  teacher = memberOf(shared, schule);
  return () => land.close();
});

/** By which ways an event was handed to the schools' server. */
async function waysOf(eventId: EventId): Promise<readonly string[]> {
  const rows = await land.copy.database.query(
    `select way from landbote_deliveries where event_id = '${eventId}' and server = '${schule}'`,
  );
  return z
    .array(z.object({ way: z.string() }))
    .parse(rows)
    .map(({ way }) => way);
}

async function waysOfState(type: string, stateKey = ''): Promise<readonly string[]> {
  const event = stateEvent(await knowRoom(land.resident, roomId), type, stateKey);
  if (event === undefined) throw new Error(`the room has no ${type} ${stateKey}`);
  return waysOf(event.event_id);
}

function arrival(text: string): Promise<unknown> {
  return waitUntil(`"${text}" at the schools' server`, () =>
    land.peer(schule).received.find(({ body }) => JSON.stringify(body).includes(text)),
  );
}

describe('what is pushed', () => {
  test('is noted before it arrives, although the other server acknowledges nothing', async () => {
    const eventId = await sendText(land.resident, roomId, 'an die Schulen');
    await arrival('an die Schulen');
    expect(await waysOf(eventId)).toEqual(['/send']);
  });

  test('and what stays in a room of this server is not', async () => {
    const inside = await sendText(land.resident, (await unitRoom(land.resident)).roomId, 'im Haus');
    await sendText(land.resident, roomId, 'danach, an die Schulen');
    await arrival('danach, an die Schulen');
    expect(await waysOf(inside)).toEqual([]);
  });

  test('an invitation is noted', async () => {
    const invited = `@neu:${schule}`;
    const answer = await land.copy.bot.request('POST', roomPath(roomId, 'invite'), { user_id: invited });
    expect(answer.status).toBe(200);
    expect(await waysOfState('m.room.member', invited)).toContain('/invite');
  });
});

describe('what the other server fetches', () => {
  test.each([
    ['event', '/event'],
    ['backfill', '/backfill'],
    ['get_missing_events', '/get_missing_events'],
  ])('by %s is noted', async (door, way) => {
    const eventId = await sendText(land.resident, roomId, `zum Abholen durch ${door}`);
    const latest = await sendText(land.resident, roomId, `nach dem Abholen durch ${door}`);
    const room = { ...(await knowRoom(land.resident, roomId)), latest: door === 'event' ? eventId : latest };
    expect(await land.tryDoor(doorNamed(door), schule, { visitor: teacher, room })).toMatchObject({ status: 200 });
    expect(await waysOf(eventId)).toContain(way);
  });

  test('as the state of the room is noted', async () => {
    const room = await knowRoom(land.resident, roomId);
    expect(await land.tryDoor(doorNamed('state'), schule, { visitor: teacher, room })).toMatchObject({ status: 200 });
    expect(await waysOfState('m.room.server_acl')).toContain('/state');
  });
});

/** Makes every entry in the ledger fail as a full disk would, and stops doing so. */
const fullDisk = {
  sqlite: {
    begin: [
      "create trigger no_space before insert on landbote_deliveries begin select raise(abort, 'the disk is full'); end",
    ],
    end: 'drop trigger no_space',
  },
  postgres: {
    begin: [
      "create function no_space() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$",
      'create trigger no_space before insert on landbote_deliveries for each row execute function no_space()',
    ],
    end: 'drop trigger no_space on landbote_deliveries',
  },
};

describe('with a ledger that cannot be written', () => {
  test('nothing is pushed; once it can be again, nothing has been lost', async () => {
    const { kind, query } = land.copy.database;
    for (const statement of fullDisk[kind].begin) await query(statement);
    await sendText(land.resident, roomId, 'ohne Nachweis');
    const log = join(dirname(land.copy.requestLog), 'homeserver.log');
    await waitUntil('the failed attempt', async () =>
      (await readFile(log, 'utf8')).includes('the disk is full') ? true : undefined,
    );
    expect(JSON.stringify(land.peer(schule).received)).not.toContain('ohne Nachweis');
    await query(fullDisk[kind].end);
    await sendText(land.resident, roomId, 'wieder mit Nachweis');
    await arrival('wieder mit Nachweis');
    await arrival('ohne Nachweis');
  });
});
