/**
 * Makes the measured account on a homeserver whose limits and policy are lifted. Creating 1,000 rooms takes minutes, so
 * the homeserver's data stay in the benchmark's folder, and a mark there says what they hold.
 */
import { readFile, writeFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { accepted, roomPath } from '../../harness/matrix/rooms.ts';
import type { MatrixSession } from '../../harness/matrix/session.ts';
import { messageText, planRooms, type AccountSize, type PlannedRoom } from './account-plan.ts';

export interface AccountOwners {
  readonly owner: MatrixSession;
  /** Shares some of the rooms. */
  readonly other: MatrixSession;
}

const createdSchema = z.object({ room_id: roomIdSchema });
/** More at a time make one Synapse process no quicker. */
const concurrency = 8;

/** Makes the account unless the mark says that it is there; true if it had to be made. */
export async function ensureAccount(markPath: string, size: AccountSize, owners: AccountOwners): Promise<boolean> {
  const mark = JSON.stringify(size);
  if ((await readFile(markPath, 'utf8').catch(() => null)) === mark) return false;
  await generate(size, owners);
  await writeFile(markPath, mark);
  return true;
}

async function generate(size: AccountSize, owners: AccountOwners): Promise<void> {
  const limit = pLimit(concurrency);
  const names = Array.from({ length: size.spaces }, (_, index) => `Bereich ${String(index + 1).padStart(2, '0')}`);
  const spaces = await Promise.all(names.map((name) => limit(() => createSpace(owners.owner, name))));
  await Promise.all(planRooms(size).map((room) => limit(() => makeRoom(room, spaces, owners))));
}

async function createSpace(owner: MatrixSession, name: string): Promise<RoomId> {
  return create(owner, { name, creation_content: { type: 'm.space' } });
}

async function makeRoom(room: PlannedRoom, spaces: readonly RoomId[], { owner, other }: AccountOwners): Promise<void> {
  const roomId = await create(owner, {
    name: room.name,
    ...(room.isShared && { invite: [other.userId] }),
    ...(room.isEncrypted && { initial_state: [encryption] }),
  });
  if (room.isShared) accepted(await other.request('POST', roomPath(roomId, 'join'), {}));
  const space = room.space === null ? undefined : spaces[room.space];
  if (space !== undefined) await link(owner, space, roomId);
  for (let number = 1; number <= room.messages; number += 1) await say(owner, roomId, messageText(room, number));
}

const encryption = { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } };

async function create(owner: MatrixSession, request: Readonly<Record<string, unknown>>): Promise<RoomId> {
  const answer = await owner.request('POST', '/v3/createRoom', { preset: 'private_chat', ...request });
  return createdSchema.parse(accepted(answer)).room_id;
}

async function link(owner: MatrixSession, space: RoomId, child: RoomId): Promise<void> {
  const path = roomPath(space, `state/m.space.child/${encodeURIComponent(child)}`);
  accepted(await owner.request('PUT', path, { via: [owner.userId.slice(owner.userId.indexOf(':') + 1)] }));
}

async function say(owner: MatrixSession, roomId: RoomId, body: string): Promise<void> {
  const transaction = encodeURIComponent(body);
  accepted(
    await owner.request('PUT', roomPath(roomId, `send/m.room.message/${transaction}`), { msgtype: 'm.text', body }),
  );
}
