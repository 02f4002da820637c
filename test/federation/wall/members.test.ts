/**
 * Nobody who is in a room can open it, move it or show it (W26, W43, W47, W48, W49, W50, W52), by the bare client API:
 * what a program of one's own might try. The control is that the same person talks there.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RoomId } from '#contract/ids.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { connectionsUpToNow } from '#test/harness/federation/egress-log.ts';
import { readMessages, readState, roomPath, sendText } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';
import { useResidents } from '../residents.ts';
import { unitRoom } from '../rooms.ts';
import { land, polizei, readRunningStack, runningHomeserver } from '../running-stack.ts';

const residentOf = useResidents();

let stack: StackFile;
beforeAll(async () => {
  stack = await readRunningStack();
});

const joinRules = [
  { join_rule: 'public' },
  { join_rule: 'knock' },
  { join_rule: 'restricted', allow: [{ type: 'm.room_membership', room_id: `!${'a'.repeat(43)}` }] },
];
const serverAcls = [
  { allow: ['*'] },
  {},
  { allow: '*' },
  { allow: [land, polizei], deny: [], allow_ip_literals: true },
];

/** State that would open the room, as its type with the state key behind a slash, and its content. */
const states: readonly (readonly [string, object])[] = [
  ...serverAcls.map((content) => ['m.room.server_acl/', content] as const),
  ...joinRules.map((content) => ['m.room.join_rules/', content] as const),
  ['m.room.history_visibility/', { history_visibility: 'world_readable' }],
  ['m.room.guest_access/', { guest_access: 'can_join' }],
  ['m.room.encryption/', {}],
  ['m.room.power_levels/', { users_default: 100 }],
  ['m.room.tombstone/', { body: 'umgezogen', replacement_room: `!${'b'.repeat(43)}` }],
  [`m.space.child/!${'c'.repeat(43)}`, { via: [polizei] }],
  [`m.space.parent/!${'d'.repeat(43)}`, { via: [polizei], canonical: true }],
];

const byMail = { id_server: 'evil.example', medium: 'email', address: 'a@b.test', id_access_token: 't' };

describe.each([
  { name: land, other: polizei },
  { name: polizei, other: land },
])('a member of a room of $name', ({ name, other }) => {
  let member: MatrixSession;
  let roomId: RoomId;
  let before: Awaited<ReturnType<typeof readState>>;

  beforeAll(async () => {
    member = await residentOf(await runningHomeserver(stack, name));
    roomId = (await unitRoom(member)).roomId;
    before = await readState(member, roomId);
  });

  test.each(states)('writes no %s %j', async (state, content) => {
    const answer = await member.request('PUT', roomPath(roomId, `state/${state}`), content);
    expect([400, 403]).toContain(answer.status);
  });

  test.each([
    ['moves it to another room', 'POST', 'upgrade', { new_version: '12' }],
    ['invites a colleague', 'POST', 'invite', { user_id: `@neu:${name}` }],
    ['invites somebody of the other domain', 'POST', 'invite', { user_id: `@neu:${other}` }],
    ['invites by mail', 'POST', 'invite', byMail],
  ] as const)('never %s', async (_what, method, resource, content) => {
    expect(await member.request(method, roomPath(roomId, resource), content)).toMatchObject({ status: 403 });
  });

  test('neither lists it in the directory nor gives it an alias', async () => {
    const inDirectory = `/v3/directory/list/room/${encodeURIComponent(roomId)}`;
    expect(await member.request('PUT', inDirectory, { visibility: 'public' })).toMatchObject({ status: 403 });
    const alias = `/v3/directory/room/${encodeURIComponent(`#offen:${name}`)}`;
    expect(await member.request('PUT', alias, { room_id: roomId })).toMatchObject({ status: 403 });
  });

  test('talks there: the control; and the room is as it was, and nobody was asked about a mail address', async () => {
    const eventId = await sendText(member, roomId, 'Es bleibt alles, wie es ist.');
    expect((await readMessages(member, roomId))[0]?.event_id).toBe(eventId);
    expect(await readState(member, roomId)).toEqual(before);
    const targets = (await connectionsUpToNow(stack.egressProxy)).map(({ target }) => target);
    expect(targets.filter((target) => target.includes(byMail.id_server))).toEqual([]);
  });
});
