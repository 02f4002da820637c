/**
 * The visibility profile as the only layer, in a room that federates and has no ACL (docs/wall.md, layer 3): only who is
 * invited finds it and enters it, and reads from their joining on. Whitelist, policy and rules are off. That the name of an
 * open room is told to everybody stands in acl.test.ts.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId, ServerName } from '#contract/ids.ts';
import { knowRoom, type KnownRoom } from '#test/harness/federation/known-room.ts';
import { joinedMembers, readState, sendText } from '#test/harness/matrix/rooms.ts';
import { doorNamed } from '../doors/all-doors.ts';
import { fremd, polizei, schule } from '../running-stack.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createHiddenRoom } from './open-room.ts';

let land: LayeredLand;
let room: KnownRoom;

const guest = `@gast:${schule}`;

beforeAll(async () => {
  land = await startLayeredLand({ whitelist: false, policyUrl: null });
  room = await knowRoom(land.resident, await createHiddenRoom(land.resident, guest, 'joined'));
  return () => land.close();
});

describe.each<ServerName>([polizei, fremd])('%s, of which nobody is invited', (stranger) => {
  const visitor = `@kundschafter:${stranger}`;

  test.each([
    ['hierarchy', 404],
    ['publicRooms', 403],
    ['make_join', 403],
    ['send_join, built by hand without make_join', 403],
    ['make_knock', 403],
    ['send_knock, built by hand', 403],
    ['state', 403],
    ['backfill', 403],
    ['event', 403],
  ])('learns nothing at %s', async (door, status) => {
    const answer = await land.tryDoor(doorNamed(door), stranger, { visitor, room });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain('Verborgener Raum');
  });

  test('is in no way a member of the room', async () => {
    expect(joinedMembers(await readState(land.resident, room.roomId))).not.toContain(visitor);
  });
});

/** Lets the invited guest in, and gives what their server then reads of the room. */
async function readAsGuest(roomId: RoomId): Promise<string> {
  await sendText(land.resident, roomId, 'vor dem Beitritt');
  const before = await knowRoom(land.resident, roomId);
  const join = doorNamed('send_join, built by hand without make_join');
  expect(await land.tryDoor(join, schule, { visitor: guest, room: before })).toMatchObject({ status: 200 });
  await sendText(land.resident, roomId, 'nach dem Beitritt');
  const after = await knowRoom(land.resident, roomId);
  const answers = [
    await land.tryDoor(doorNamed('event'), schule, { visitor: guest, room: before }),
    await land.tryDoor(doorNamed('backfill'), schule, { visitor: guest, room: after }),
  ];
  return JSON.stringify(answers.map(({ body }) => body));
}

describe('schule.hessen.test, of which somebody is invited', () => {
  test('reads what is said from their joining on, and nothing before', async () => {
    const read = await readAsGuest(room.roomId);
    expect(read).toContain('nach dem Beitritt');
    expect(read).not.toContain('vor dem Beitritt');
  });

  test('reads the rest too in a room that shares its history: the control', async () => {
    const read = await readAsGuest(await createHiddenRoom(land.resident, guest, 'shared'));
    expect(read).toContain('nach dem Beitritt');
    expect(read).toContain('vor dem Beitritt');
  });
});
