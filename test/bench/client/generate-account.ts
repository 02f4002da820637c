/**
 * Makes the measured account on a homeserver whose limits and policy are lifted. Creating 1,000 rooms takes minutes, so
 * the homeserver's data stay in the benchmark's folder, and a journal there says what they hold.
 */
import pLimit from 'p-limit';
import { z } from 'zod';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { accepted, roomPath } from '../../harness/matrix/rooms.ts';
import type { MatrixSession } from '../../harness/matrix/session.ts';
import type { AccountJournal } from './account-journal.ts';
import { messageText, planRooms, spaceName, type AccountSize, type PlannedRoom } from './account-plan.ts';

export interface AccountOwners {
  readonly homeserverUrl: string;
  readonly owner: MatrixSession;
  /** Shares some of the rooms. */
  readonly other: MatrixSession;
}

const createdSchema = z.object({ room_id: roomIdSchema });
const joinedSchema = z.object({ joined_rooms: z.array(roomIdSchema) });
const nameSchema = z.object({ name: z.string() });
/** More at a time make one Synapse process no quicker. */
const concurrency = 8;
/** So many messages in a row somebody says before it is the other one's turn. */
const turnLength = 4;
const betweenMessagesMs = 180_000;
const batchSize = 200;

interface DatedMessage {
  readonly sender: string;
  readonly body: string;
  readonly sent_at: number;
}

/** Goes on where an earlier call was cut off. @param onRoom told how many rooms are done, each time one is */
export async function generateAccount(
  journal: AccountJournal,
  size: AccountSize,
  owners: AccountOwners,
  onRoom: (done: number) => void,
): Promise<void> {
  const limit = pLimit(concurrency);
  const spaceNames = Array.from({ length: size.spaces }, (_, index) => spaceName(index));
  const rooms = planRooms(size);
  const names = new Set([...spaceNames, ...rooms.map(({ name }) => name)].filter((name) => !journal.find(name)));
  await leaveUnfinished(owners.owner, names);
  const spaces = await Promise.all(spaceNames.map((name) => limit(() => ensureSpace(journal, owners.owner, name))));
  let done = 0;
  const make = async (room: PlannedRoom): Promise<void> => {
    if (!journal.find(room.name)) await journal.note(room.name, await makeRoom(room, spaces, owners));
    onRoom((done += 1));
  };
  await Promise.all(rooms.map((room) => limit(() => make(room))));
}

/** What was being made when an earlier generation was cut off is made anew. */
async function leaveUnfinished(owner: MatrixSession, names: ReadonlySet<string>): Promise<void> {
  const { joined_rooms: joined } = joinedSchema.parse(accepted(await owner.request('GET', '/v3/joined_rooms')));
  for (const roomId of joined) {
    const { status, body } = await owner.request('GET', roomPath(roomId, 'state/m.room.name/'));
    const name = status === 200 ? nameSchema.parse(body).name : '';
    if (names.has(name)) accepted(await owner.request('POST', roomPath(roomId, 'leave'), {}));
  }
}

async function ensureSpace(journal: AccountJournal, owner: MatrixSession, name: string): Promise<RoomId> {
  const known = journal.find(name);
  if (known !== undefined) return known;
  const roomId = await create(owner, { name, creation_content: { type: 'm.space' } });
  await journal.note(name, roomId);
  return roomId;
}

async function makeRoom(room: PlannedRoom, spaces: readonly RoomId[], owners: AccountOwners): Promise<RoomId> {
  const { owner, other } = owners;
  const roomId = await create(owner, {
    name: room.name,
    ...(room.isShared && { invite: [other.userId] }),
    ...(room.isEncrypted && { initial_state: [encryption] }),
  });
  if (room.isShared) accepted(await other.request('POST', roomPath(roomId, 'join'), {}));
  const space = room.space === null ? undefined : spaces[room.space];
  if (space !== undefined) await link(owner, space, roomId);
  const speakers = room.isShared ? [owner.userId, other.userId] : [owner.userId];
  await sayAll(owners, roomId, historyOf(room, speakers, Date.now()));
  return roomId;
}

/** Three minutes lie between two messages, and the last one has just been said. */
function historyOf(room: PlannedRoom, speakers: readonly string[], now: number): readonly DatedMessage[] {
  return Array.from({ length: room.messages }, (_, index) => ({
    sender: speakers[Math.floor(index / turnLength) % speakers.length] ?? '',
    body: messageText(room, index + 1),
    sent_at: now - (room.messages - index) * betweenMessagesMs,
  }));
}

/** By the module of this homeserver (homeserver/bench_history.py). */
async function sayAll(
  { homeserverUrl, owner }: AccountOwners,
  roomId: RoomId,
  messages: readonly DatedMessage[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += batchSize) {
    const response = await fetch(`${homeserverUrl}/_bench/history`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.accessToken}` },
      body: JSON.stringify({ room_id: roomId, messages: messages.slice(start, start + batchSize) }),
    });
    if (!response.ok) throw new Error(`The homeserver takes no history: ${response.status} ${await response.text()}`);
  }
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
