/**
 * The policy as the only layer: the real appservice decides, whitelist and server ACL are off (docs/wall.md, layer 5).
 * It is asked about what its own people do and about invitations that come in, never about joins over federation.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId, ServerName } from '#contract/ids.ts';
import { sendFederationRequest } from '#test/harness/federation/federation-client.ts';
import { forgeInvitation } from '#test/harness/federation/forged-room.ts';
import { knowRoom } from '#test/harness/federation/known-room.ts';
import { loggedRequest } from '#test/harness/federation/request-log.ts';
import { joinedMembers, readState, roomPath } from '#test/harness/matrix/rooms.ts';
import { currentPosition, newsUpToNow } from '#test/harness/matrix/sync.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { inviting } from '../doors/sending.ts';
import { roomOfLand, unitRoom } from '../rooms.ts';
import { fremd, land, polizei, policyUrlOf, readRunningStack, runningHomeserver, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createOpenRoom } from './open-room.ts';

let landAlone: LayeredLand;
let openRoom: RoomId;

beforeAll(async () => {
  landAlone = await startLayeredLand({
    whitelist: false,
    policyUrl: await policyUrlOf(await runningHomeserver(await readRunningStack(), land)),
  });
  openRoom = await createOpenRoom(landAlone.copy.bot);
  return () => landAlone.close();
});

function invitationsAt(server: ServerName) {
  return landAlone.peer(server).received.filter(({ uri }) => uri.includes('/v2/invite/'));
}

const refused = { status: 403, body: { errcode: 'M_FORBIDDEN' } };

describe('a person', () => {
  test.each([
    ['a room of their own', {}],
    ['a public room', { preset: 'public_chat' }],
    ['a room with somebody of the police in it', { invite: [`@kundschafter:${polizei}`] }],
  ])('may not create %s', async (_what, options) => {
    expect(await landAlone.resident.request('POST', '/v3/createRoom', options)).toMatchObject(refused);
  });

  test.each([polizei, fremd, schule])('may not invite anybody of %s', async (server) => {
    const { roomId } = await unitRoom(landAlone.resident);
    const answer = await landAlone.resident.request('POST', roomPath(roomId, 'invite'), { user_id: `@gast:${server}` });
    expect(answer).toMatchObject(refused);
    expect(invitationsAt(server)).toEqual([]);
  });

  test('may not give a room an alias', async () => {
    const alias = encodeURIComponent(`#offen:${land}`);
    const answer = await landAlone.resident.request('PUT', `/v3/directory/room/${alias}`, { room_id: openRoom });
    expect(answer).toMatchObject(refused);
  });

  test('may not enter an open room without having been invited', async () => {
    expect(await landAlone.resident.request('POST', roomPath(openRoom, 'join'), {})).toMatchObject(refused);
  });
});

describe('the bot', () => {
  test('may create rooms and invite within the trust domain', async () => {
    const invite = (server: ServerName) =>
      landAlone.copy.bot.request('POST', roomPath(openRoom, 'invite'), { user_id: `@gast:${server}` });
    expect(await invite(schule)).toMatchObject({ status: 200 });
    expect(await invite(polizei)).toMatchObject(refused);
    expect(await invite(fremd)).toMatchObject(refused);
    expect(invitationsAt(schule)).toHaveLength(1);
    expect([...invitationsAt(polizei), ...invitationsAt(fremd)]).toEqual([]);
  });

  test('speaks with its token for nobody of another server', async () => {
    const whoami = (userId: string) =>
      landAlone.copy.bot.request('GET', `/v3/account/whoami?user_id=${encodeURIComponent(userId)}`);
    expect(await whoami(`@kundschafter:${polizei}`)).toMatchObject(refused);
    expect(await whoami(landAlone.copy.bot.userId)).toMatchObject({ status: 200 });
  });

  test('may not list a room in the directory', async () => {
    const path = `/v3/directory/list/room/${encodeURIComponent(openRoom)}`;
    expect(await landAlone.copy.bot.request('PUT', path, { visibility: 'public' })).toMatchObject(refused);
  });
});

describe.each<ServerName>([polizei, fremd, schule])('an invitation by somebody of %s', (server) => {
  test('is refused, and the resident does not see it', async () => {
    const since = await currentPosition(landAlone.resident);
    const room = await knowRoom(landAlone.resident, (await unitRoom(landAlone.resident)).roomId);
    const door = doorNamed('invite into a room of the own server');
    const answer = await landAlone.tryDoor(door, server, { visitor: `@gast:${server}`, room });
    expect(answer).toMatchObject(refused);
    expect(await loggedRequest(landAlone.copy.requestLog, answer.mark)).toMatchObject({
      requester: server,
      status: 403,
    });
    expect((await newsUpToNow(landAlone.resident, since)).invitedRooms).toEqual([]);
  });
});

test("an invitation by the schools' bot into a room of the trust domain is let through", async () => {
  const since = await currentPosition(landAlone.resident);
  const { signer } = landAlone.peer(schule);
  const forged = forgeInvitation(signer, `@landbote:${schule}`, landAlone.resident.userId, roomOfLand);
  const answer = await sendFederationRequest(inviting(forged), signer, landAlone.copy.target);
  expect(answer.status).toBe(200);
  expect((await newsUpToNow(landAlone.resident, since)).invitedRooms).toEqual([forged.roomId]);
});

describe('the policy alone lets through', () => {
  const visitor = `@kundschafter:${polizei}`;

  test('a join over federation into an open room, and all reading that follows', async () => {
    const names = ['make_join', 'send_join, built by hand without make_join', 'state', 'backfill', 'event'];
    for (const name of names) {
      const room = await knowRoom(landAlone.copy.bot, openRoom);
      expect(await landAlone.tryDoor(doorNamed(name), polizei, { visitor, room })).toMatchObject({ status: 200 });
    }
    expect(joinedMembers(await readState(landAlone.copy.bot, openRoom))).toContain(visitor);
  });

  test('queries about people, and messages to their devices', async () => {
    const since = await currentPosition(landAlone.resident);
    const room = await knowRoom(landAlone.copy.bot, openRoom);
    for (const name of ['user/devices', 'user/keys/query', 'send to a device']) {
      expect(await landAlone.tryDoor(doorNamed(name), polizei, { visitor, room })).toMatchObject({ status: 200 });
    }
    expect((await newsUpToNow(landAlone.resident, since)).toDevice).toMatchObject([{ sender: visitor }]);
  });
});
