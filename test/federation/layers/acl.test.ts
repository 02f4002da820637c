/**
 * The server ACL as the only layer, in the real room of the ministry for schools and the schools: what it blocks,
 * and what passes it (docs/wall.md, layer 1). Whitelist and policy are off.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed, doors } from '../doors/all-doors.ts';
import type { Door } from '../doors/door.ts';
import { leaving } from '../doors/joining.ts';
import { memberOf, roomWithSchools } from '../rooms.ts';
import { fremd, land as landName, polizei, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createOpenRoom, serverAcl } from './open-room.ts';

let land: LayeredLand;
let room: KnownRoom;
let teacher: string;

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: false, policyUrl: null });
  const shared = await roomWithSchools(land.resident);
  teacher = memberOf(shared, schule);
  room = await knowRoom(land.resident, shared.roomId);
  return () => land.close();
});

const bannedFromRoom = { errcode: 'M_FORBIDDEN', error: 'Server is banned from room' };

/** Whoever has nobody in the room is refused for that before the ACL is asked. */
const askedForResidenceFirst = ['state', 'state_ids', 'event_auth', 'timestamp_to_event'];

function refusalOf(door: Door): object {
  if (door.name === 'send a message') return { status: 200, body: { pdus: expect.toSatisfy(everyPduBanned) } };
  if (door.name === 'send a typing notice and a receipt') return { status: 200 };
  if (askedForResidenceFirst.includes(door.name)) return { status: 403, body: { error: 'Host not in room.' } };
  return { status: 403, body: bannedFromRoom };
}

function everyPduBanned(results: Record<string, object>): boolean {
  const errors = Object.values(results).map((result) => JSON.stringify(result));
  return errors.length > 0 && errors.every((error) => error.includes(bannedFromRoom.error));
}

const doorsOfRooms = doors.filter((door) => door.aclAsked);

describe.each<ServerName>([polizei, fremd])('%s, which the ACL does not list', (stranger) => {
  const visitor = `@kundschafter:${stranger}`;

  test.each(doorsOfRooms)('is refused at $name', async (door) => {
    const answer = await land.tryDoor(door, stranger, { visitor, room });
    expect(answer).toMatchObject(refusalOf(door));
    expect(await loggedRequest(land.copy.requestLog, answer.mark)).toMatchObject({ requester: stranger });
  });

  test('is refused at send_leave, built by hand', async () => {
    const { signer } = land.peer(stranger);
    const request = leaving({ origin: signer, visitor, room, resident: land.resident.userId });
    const answer = await sendFederationRequest(request, signer, land.copy.target);
    expect(answer).toMatchObject({ status: 403, body: bannedFromRoom });
  });

  test('is not heard in the room: no message, no typing, no receipt', async () => {
    const since = await currentPosition(land.resident);
    for (const door of doorsOfRooms.filter(({ name }) => name.startsWith('send a '))) {
      expect(await land.tryDoor(door, stranger, { visitor, room })).toMatchObject({ status: 200 });
    }
    const { roomEvents } = await newsUpToNow(land.resident, since);
    expect(roomEvents.filter((event) => JSON.stringify(event).includes(visitor))).toEqual([]);
  });
});

describe('schule.hessen.test, which the ACL lists', () => {
  test.each(doorsOfRooms)('is answered at $name', async (door) => {
    const current = await knowRoom(land.resident, room.roomId);
    const answer = await land.tryDoor(door, schule, { visitor: teacher, room: current });
    expect(answer).toMatchObject({ status: door.welcome.status });
  });
});

describe('the ACL alone lets through', () => {
  const visitor = `@kundschafter:${polizei}`;

  test.each(['user/devices', 'user/keys/query', 'user/keys/claim'])(
    '%s: the keys and devices of people',
    async (name) => {
      expect(await land.tryDoor(doorNamed(name), polizei, { visitor, room })).toMatchObject({ status: 200 });
    },
  );

  test('messages to devices, without a common room', async () => {
    const since = await currentPosition(land.resident);
    await land.tryDoor(doorNamed('send to a device'), polizei, { visitor, room });
    expect((await newsUpToNow(land.resident, since)).toDevice).toMatchObject([{ sender: visitor }]);
  });

  test('invitations into rooms of the other server', async () => {
    const since = await currentPosition(land.resident);
    const answer = await land.tryDoor(doorNamed('invite into a room of the own server'), polizei, { visitor, room });
    expect(answer.status).toBe(200);
    expect((await newsUpToNow(land.resident, since)).invitedRooms).toHaveLength(1);
  });

  test("outgoing invitations, which hand over the room's name; only the join is refused", async () => {
    const invited = await land.copy.bot.request('POST', roomPath(room.roomId, 'invite'), { user_id: visitor });
    expect(invited.status).toBe(200);
    const arrived = land.peer(polizei).received.filter(({ uri }) => uri.includes('/v2/invite/'));
    expect(arrived).toHaveLength(1);
    expect(JSON.stringify(arrived[0]?.body['invite_room_state'])).toContain('m.room.name');
    const join = await land.tryDoor(doorNamed('make_join'), polizei, { visitor, room });
    expect(join).toMatchObject({ status: 403, body: bannedFromRoom });
  });

  test('the name of a room that is open to everybody', async () => {
    const open = await knowRoom(land.resident, await createOpenRoom(land.resident, [landName]));
    const answer = await land.tryDoor(doorNamed('hierarchy'), polizei, { visitor, room: open });
    expect(answer).toMatchObject({ status: 200, body: { room: { name: 'Offener Raum' } } });
  });
});

describe('an ACL that is tightened while a server is in the room', () => {
  const visitor = `@kundschafter:${polizei}`;
  let open: KnownRoom;

  beforeAll(async () => {
    const roomId = await createOpenRoom(land.resident);
    const join = await land.tryDoor(doorNamed('send_join, built by hand without make_join'), polizei, {
      visitor,
      room: await knowRoom(land.resident, roomId),
    });
    expect(join.status).toBe(200);
    open = await knowRoom(land.resident, roomId);
    for (const name of askedForResidenceFirst) {
      expect(await land.tryDoor(doorNamed(name), polizei, { visitor, room: open })).toMatchObject({ status: 200 });
    }
    const path = roomPath(roomId, 'state/m.room.server_acl');
    expect(await land.resident.request('PUT', path, serverAcl([landName]))).toMatchObject({ status: 200 });
  });

  test.each(askedForResidenceFirst)('refuses %s', async (name) => {
    const answer = await land.tryDoor(doorNamed(name), polizei, { visitor, room: open });
    expect(answer).toMatchObject({ status: 403, body: bannedFromRoom });
  });

  test('neither evicts the server nor keeps events from it: remove its people first', async () => {
    expect(await land.tryDoor(doorNamed('event'), polizei, { visitor, room: open })).toMatchObject({ status: 200 });
    await sendText(land.resident, open.roomId, 'nach der Sperre');
    await waitUntil('the message at the server that the ACL no longer lists', () =>
      land.peer(polizei).received.find(({ body }) => JSON.stringify(body).includes('nach der Sperre')),
    );
  });
});
