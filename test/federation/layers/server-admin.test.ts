/**
 * The rules inside the homeserver against its own administrator, whom the policy is not asked about, in a room that has lost
 * its power profile (docs/wall.md, layer 6). The control is a room that nobody declared: there all of it is done. And
 * against whoever would bring back an account that was closed.
 */
import { beforeAll, expect, test } from 'vitest';
import type { RoomId } from '#contract/ids.ts';
import { sendFederationRequest, type FederationAnswer } from '#test/harness/federation/federation-client.ts';
import { forgeInvitation } from '#test/harness/federation/forged-room.ts';
import { accepted, readState, roomPath } from '#test/harness/matrix/rooms.ts';
import { auditedRefusal } from '../audited-refusals.ts';
import { inviting } from '../doors/sending.ts';
import { roomOfLand } from '../rooms.ts';
import { land as landName, readRunningStack, runningHomeserver, schule, somebody } from '../running-stack.ts';
import type { RunningHomeserver } from '../running-stack.ts';
import { serverAdminOf, type ServerAdmin } from '../server-admin.ts';
import { startLayeredLand, type LayeredLand } from './layered-land.ts';
import { createOpenRoom, createWeakRoom } from './open-room.ts';

let original: RunningHomeserver;
let land: LayeredLand;
let admin: ServerAdmin;

beforeAll(async () => {
  original = await runningHomeserver(await readRunningStack(), landName);
  land = await startLayeredLand({ whitelist: false, policyUrl: null, rules: true });
  admin = await serverAdminOf(original, land.copy.clientApiUrl);
  return () => land.close();
});

/** A room in which the administrator has power 50. */
async function enterWeakRoom(creationContent: object): Promise<RoomId> {
  const roomId = await createWeakRoom(land.resident, admin.userId, [landName], { ...creationContent });
  accepted(await admin.request('POST', roomPath(roomId, 'join'), {}));
  return roomId;
}

function outsider(): string {
  const { userId } = somebody(original.domain, (person) => person.userId !== land.resident.userId);
  return userId;
}

/** What an administrator can do, with the rule that refuses it and in whose name it is tried. */
const acts = [
  {
    name: 'writes state',
    rule: 'state.creator-only',
    actor: () => admin.userId,
    act: (roomId: RoomId) => admin.request('PUT', roomPath(roomId, 'state/m.room.name/'), { name: 'umbenannt' }),
  },
  {
    name: 'makes themselves powerful, in the creator’s name',
    rule: 'power.creator-only',
    actor: () => land.resident.userId,
    act: (roomId: RoomId) =>
      admin.post(`/rooms/${encodeURIComponent(roomId)}/make_room_admin`, { user_id: admin.userId }),
  },
  {
    name: 'puts somebody else in',
    rule: 'membership.creator-only',
    actor: () => admin.userId,
    act: (roomId: RoomId) => admin.post(`/join/${encodeURIComponent(roomId)}`, { user_id: outsider() }),
  },
] as const;

test.each(acts)(
  'a server administrator $name: refused in a declared room, and audited',
  async ({ act, rule, actor }) => {
    const roomId = await enterWeakRoom(roomOfLand);
    const before = await readState(land.resident, roomId);
    expect(await act(roomId)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect(await readState(land.resident, roomId)).toEqual(before);
    expect(await auditedRefusal(original, rule, ({ subject }) => subject === roomId)).toMatchObject({ actor: actor() });
  },
);

test.each(acts)('a server administrator $name: done in a room that nobody declared', async ({ act }) => {
  expect(await act(await enterWeakRoom({}))).toMatchObject({ status: 200 });
});

/** By the bot of the schools' server, into a room of the trust domain. */
function inviteFromSchools(person: string): Promise<FederationAnswer> {
  const { signer } = land.peer(schule);
  const forged = forgeInvitation(signer, `@landbote:${schule}`, person, roomOfLand);
  return sendFederationRequest(inviting(forged), signer, land.copy.target);
}

test('whose account was closed is brought into a room neither by an administrator nor by another homeserver', async () => {
  const { userId: closed } = await land.signInColleague();
  const deactivated = { status: 403, body: { errcode: 'M_USER_DEACTIVATED' } };
  const roomId = await createOpenRoom(land.copy.bot);
  const put = (person: string) => admin.post(`/join/${encodeURIComponent(roomId)}`, { user_id: person });

  expect(await inviteFromSchools(closed)).toMatchObject({ status: 200 });
  expect(await admin.post(`/deactivate/${encodeURIComponent(closed)}`, {})).toMatchObject({ status: 200 });
  expect(await inviteFromSchools(closed)).toMatchObject(deactivated);
  expect(await put(closed)).toMatchObject(deactivated);
  expect(await put(land.resident.userId)).toMatchObject({ status: 200 });
  const refusal = await auditedRefusal(original, 'account.closed', ({ subject }) => subject === roomId);
  expect(refusal).toMatchObject({ actor: closed });
});
