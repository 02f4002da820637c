/**
 * `m.federate: false` as the only layer, in a room that everybody may join and that has no ACL: what a room's birth
 * alone keeps out (docs/wall.md, layer 0). Whitelist and policy are off.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId, ServerName } from '#contract/ids.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { joinedMembers, readMessages, readState, roomPath } from '#test/harness/matrix/rooms.ts';
import { currentPosition, newsUntil } from '#test/harness/matrix/sync.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { fremd, polizei, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createOpenRoom, createUnfederatedRoom } from './open-room.ts';

let land: LayeredLand;
let roomId: RoomId;
let room: KnownRoom;
/** The control: it differs in nothing but its birth. */
let openRoom: RoomId;

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: false, policyUrl: null });
  roomId = await createUnfederatedRoom(land.resident);
  room = await knowRoom(land.resident, roomId);
  openRoom = await createOpenRoom(land.resident);
  return () => land.close();
});

const unfederatable = 'This room has been marked as unfederatable.';
const nobodyThere = 'Host not in room.';

const refusals = [
  { door: 'make_join', error: unfederatable },
  { door: 'send_join, built by hand without make_join', error: 'join event was rejected' },
  { door: 'make_knock', error: unfederatable },
  { door: 'send_knock, built by hand', error: 'knock event was rejected' },
  { door: 'make_leave', error: unfederatable },
  { door: 'state', error: nobodyThere },
  { door: 'state_ids', error: nobodyThere },
  { door: 'event_auth', error: nobodyThere },
  { door: 'backfill', error: nobodyThere },
  { door: 'get_missing_events', error: nobodyThere },
  { door: 'timestamp_to_event', error: nobodyThere },
  { door: 'event', error: nobodyThere },
] as const;

describe.each<ServerName>([polizei, fremd, schule])('%s', (server) => {
  const visitor = `@kundschafter:${server}`;

  test.each(refusals)('is refused at $door', async ({ door, error }) => {
    const answer = await land.tryDoor(doorNamed(door), server, { visitor, room });
    expect(answer).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN', error } });
    expect(await loggedRequest(land.copy.requestLog, answer.mark)).toMatchObject({ requester: server, status: 403 });
  });

  test('is let into the same kind of room that was born to federate', async () => {
    const open = await knowRoom(land.resident, openRoom);
    const join = doorNamed('send_join, built by hand without make_join');
    expect(await land.tryDoor(join, server, { visitor, room: open })).toMatchObject({ status: 200 });
    expect(joinedMembers(await readState(land.resident, openRoom))).toContain(visitor);
  });

  test('is not heard with a message, while a later one in the room that federates arrives', async () => {
    const since = await currentPosition(land.resident);
    for (const tried of [room, await knowRoom(land.resident, openRoom)]) {
      const answer = await land.tryDoor(doorNamed('send a message'), server, { visitor, room: tried });
      expect(answer).toMatchObject({ status: 200 });
    }
    const isMessage = ({ type, sender }: { type: string; sender?: string | undefined }): boolean =>
      type === 'm.room.message' && sender === visitor;
    await newsUntil(land.resident, since, ({ roomEvents }) => roomEvents.some(isMessage));
    expect((await readMessages(land.resident, openRoom)).filter(isMessage)).toHaveLength(1);
    expect((await readMessages(land.resident, roomId)).filter(isMessage)).toEqual([]);
  });

  test('cannot be invited, so it does not learn that the room exists', async () => {
    const answer = await land.resident.request('POST', roomPath(roomId, 'invite'), { user_id: visitor });
    expect(answer).toMatchObject({ status: 403 });
    expect(land.peer(server).received.filter(({ uri }) => uri.includes('/v2/invite/'))).toEqual([]);
  });

  test('is in no way a member of the room', async () => {
    expect(joinedMembers(await readState(land.resident, roomId))).toEqual([land.resident.userId]);
  });
});

describe('m.federate alone lets through', () => {
  const visitor = `@kundschafter:${polizei}`;

  test('the name of a room that is open to everybody', async () => {
    const answer = await land.tryDoor(doorNamed('hierarchy'), polizei, { visitor, room });
    expect(answer).toMatchObject({ status: 200, body: { room: { name: 'Raum eines Servers' } } });
  });

  test.each(['user/devices', 'user/keys/query', 'send to a device', 'invite into a room of the own server'])(
    '%s, which is about people and not about the room',
    async (door) => {
      expect(await land.tryDoor(doorNamed(door), polizei, { visitor, room })).toMatchObject({ status: 200 });
    },
  );
});
