/**
 * The federation whitelist as the only layer, with a room that is open to everybody: who is not listed gets nothing in
 * either direction, who is listed may do anything (docs/wall.md, layer 4). Policy is off, the room has no ACL.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId, ServerName } from '#contract/ids.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { joinedMembers, readState, roomPath } from '#test/harness/matrix/rooms.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed, doors } from '../doors/all-doors.ts';
import { fremd, polizei, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createOpenRoom } from './open-room.ts';

let land: LayeredLand;
let roomId: RoomId;
let room: KnownRoom;

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: true, policyUrl: null });
  roomId = await createOpenRoom(land.resident);
  room = await knowRoom(land.resident, roomId);
  return () => land.close();
});

describe.each<ServerName>([polizei, fremd])('%s, which is not listed', (stranger) => {
  const visitor = `@kundschafter:${stranger}`;

  test.each(doors)('is refused at $name before its signature is looked at', async (door) => {
    const answer = await land.tryDoor(door, stranger, { visitor, room });
    expect(answer).toMatchObject({ status: 403, body: { error: `Federation denied with ${stranger}.` } });
    expect(await loggedRequest(land.copy.requestLog, answer.mark)).toMatchObject({ status: 403 });
    expect(land.peer(stranger).received).toEqual([]);
  });

  test('gets no invitation, and no connection is tried', async () => {
    const answer = await land.resident.request('POST', roomPath(roomId, 'invite'), { user_id: visitor });
    expect(answer.status).toBe(403);
    expect(land.peer(stranger).received).toEqual([]);
    expect(land.wayOut.records.filter(({ target }) => target.startsWith(stranger))).toEqual([]);
  });
});

describe('schule.hessen.test, which is listed', () => {
  const visitor = `@kundschafter:${schule}`;

  test('joins the open room uninvited', async () => {
    for (const name of ['make_join', 'send_join, built by hand without make_join']) {
      const current = await knowRoom(land.resident, roomId);
      expect(await land.tryDoor(doorNamed(name), schule, { visitor, room: current })).toMatchObject({ status: 200 });
    }
    expect(joinedMembers(await readState(land.resident, roomId))).toContain(visitor);
  });

  test('invites people into rooms of its own', async () => {
    const since = await currentPosition(land.resident);
    const answer = await land.tryDoor(doorNamed('invite into a room of the own server'), schule, { visitor, room });
    expect(answer.status).toBe(200);
    expect((await newsUpToNow(land.resident, since)).invitedRooms).toHaveLength(1);
  });

  test('gets invitations from here, over a connection that the egress log shows', async () => {
    const answer = await land.resident.request('POST', roomPath(roomId, 'invite'), { user_id: `@gast:${schule}` });
    expect(answer.status).toBe(200);
    expect(land.peer(schule).received.some(({ uri }) => uri.includes('/v2/invite/'))).toBe(true);
    expect(land.wayOut.records.some(({ target }) => target === `${schule}:8448`)).toBe(true);
  });
});

describe('the whitelist alone lets through', () => {
  test.each([
    ['the signing keys', '/_matrix/key/v2/server', 200],
    ['the version', '/_matrix/federation/v1/version', 200],
    ['the check of an OpenID token', '/_matrix/federation/v1/openid/userinfo?access_token=none', 401],
  ])('%s, which nobody has to sign for', async (_what, uri, status) => {
    expect(await sendFederationRequest({ method: 'GET', uri }, null, land.copy.target)).toMatchObject({ status });
  });
});
