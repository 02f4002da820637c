/** A server administrator and the rooms of the organisation as they are, with every layer in place (W21). */
import { expect, test } from 'vitest';
import type { ServerName } from '#contract/ids.ts';
import { readState, roomPath } from '#test/harness/matrix/rooms.ts';
import { auditedRefusal } from '../audited-refusals.ts';
import { useResidents } from '../residents.ts';
import { unitRoom } from '../rooms.ts';
import { land, polizei, readRunningStack, runningHomeserver } from '../running-stack.ts';
import { serverAdminOf } from '../server-admin.ts';

const residentOf = useResidents();

test.each<ServerName>([land, polizei])('at %s an administrator gets no power in a room, nor gives it', async (name) => {
  const homeserver = await runningHomeserver(await readRunningStack(), name);
  const resident = await residentOf(homeserver);
  const admin = await serverAdminOf(homeserver);
  const { roomId } = await unitRoom(resident);
  const before = await readState(resident, roomId);
  const path = `/rooms/${encodeURIComponent(roomId)}/make_room_admin`;
  for (const person of [admin.userId, resident.userId]) {
    expect(await admin.post(path, { user_id: person })).toMatchObject({ status: 403 });
  }
  for (const act of ['join', 'state/m.room.name/']) {
    const method = act === 'join' ? 'POST' : 'PUT';
    expect(await admin.request(method, roomPath(roomId, act), { name: 'x' })).toMatchObject({ status: 403 });
  }
  expect(await admin.post(`/join/${encodeURIComponent(roomId)}`, { user_id: admin.userId })).toMatchObject({
    status: 403,
  });
  expect(await readState(resident, roomId)).toEqual(before);
  const row = await auditedRefusal(homeserver, 'power.creator-only', ({ subject }) => subject === roomId);
  expect(row).toMatchObject({ actor: `@landbote:${name}` });
});
