import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { serverNameSchema } from '#contract/ids.ts';
import { rosterEventType } from '#contract/roster.ts';
import { HomeserverError, UnreachableError, type HomeserverApi } from '../matrix/homeserver-api.ts';
import type { Member, TimelineUpdate } from '../protocol.ts';
import type { PinnedKeys } from '../roster/pinned-keys.ts';
import { RosterError } from '../roster/roster-error.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import { parseRoomsAnswer } from '../sync/parse-rooms-answer.ts';
import { createRoomData } from './create-room-data.ts';
import type { RoomData } from './room-data.ts';

const roomId = '!lage';
const [anna, ben, eve, bot] = ['anna', 'ben', 'admin-eve', 'landbote'].map((name) => `@${name}:land.hessen.test`);
const people = [anna, ben].filter((userId) => userId !== undefined);

let keys: CryptoKeyPair;
let publicKey: string;
beforeAll(async () => {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in made)) throw new Error('no pair');
  keys = made;
  publicKey = unpadded(await crypto.subtle.exportKey('raw', keys.publicKey));
});

function unpadded(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/=+$/, '');
}

async function roster(members: readonly (string | undefined)[], issuedAt = Date.now()) {
  const signed = JSON.stringify({ room_id: roomId, issued_at: issuedAt, part: 0, parts: 1, members });
  const signature = await crypto.subtle.sign('Ed25519', keys.privateKey, new TextEncoder().encode(signed));
  return { signed, key: publicKey, signature: unpadded(signature) };
}

/** What the homeserver gives out as the room's roster, and whether it can be reached. */
let published: unknown = null;
let isReachable = true;
const members = new Map<string | undefined, string>();
const request = vi.fn<HomeserverApi['request']>(async (_method, path) => {
  if (!isReachable) throw new UnreachableError();
  if (path.endsWith('/members')) return { chunk: [...members].map(([userId, value]) => memberEvent(userId, value)) };
  if (!path.includes(rosterEventType)) return { chunk: [] };
  if (published === null) throw new HomeserverError(404, 'M_NOT_FOUND', null, false);
  return published;
});

let clock = 0;
function stateEvent(type: string, stateKey: string | undefined, content: object) {
  clock += 1;
  const base = { event_id: `$${clock}`, origin_server_ts: clock, sender: bot };
  return { ...base, type, state_key: stateKey, content };
}

const memberEvent = (userId: string | undefined, membership: string) =>
  stateEvent('m.room.member', userId, { membership });
const encryptionEvent = () => stateEvent('m.room.encryption', '', { algorithm: 'm.megolm.v1.aes-sha2' });
const rosterEvent = (content: unknown) => stateEvent(rosterEventType, '0', Object(content));

let rooms: RoomData;
let storage = memoryStorage();
let shownMembers: readonly Member[] = [];
const onRoster = vi.fn<(roomId: string) => void>();

function start(pinnedKeys: PinnedKeys = { rosterKeys: [publicKey], partners: [] }): RoomData {
  return createRoomData({
    userId: anna ?? '',
    api: { request },
    storage,
    pending: { of: () => [], subscribe: () => () => undefined, confirm: () => undefined },
    receiptsIn: () => 'private',
    pinnedKeys,
    readAttachment: () => null,
    onRooms: () => undefined,
    onMembers: (_roomId, list) => (shownMembers = list),
    onRoster,
    onNotification: () => undefined,
  });
}

async function receive(room: object): Promise<void> {
  const answer = parseRoomsAnswer({ pos: 'p', rooms: { [roomId]: room } });
  await rooms.receive(answer, { table: 'values', key: 'position', value: 'p' });
}

async function open() {
  const screen: { update: TimelineUpdate | null } = { update: null };
  await rooms.openView(roomId, null, (update) => (screen.update = update));
  return screen;
}

const receivers = async () => (await rooms.encryptionRoom(roomId))?.members.map(({ userId }) => userId);
const rosterRequests = () => request.mock.calls.filter(([, path]) => path.includes(rosterEventType)).length;

beforeEach(async () => {
  vi.useRealTimers();
  request.mockClear();
  onRoster.mockClear();
  isReachable = true;
  storage = memoryStorage();
  members.clear();
  for (const userId of [anna, ben, bot]) members.set(userId, 'join');
  published = await roster(people);
  rooms = start();
  await receive({ initial: true, required_state: [encryptionEvent()], timeline: [] });
});

test('only those get keys whom the roster names: not the bot, and not whom the homeserver has added', async () => {
  members.set(eve, 'join');
  expect(await receivers()).toEqual(people);
});

test.each([
  ['a partner’s roster counts in a room that its bot has made', bot, true],
  ['and in no other', '@landbote:schule.hessen.test', false],
])('%s', async (_what, sender, isCounted) => {
  const partners = [{ server: serverNameSchema.parse('land.hessen.test'), rosterKeys: [publicKey] }];
  storage = memoryStorage();
  rooms = start({ rosterKeys: ['A'.repeat(43)], partners });
  const creation = { ...stateEvent('m.room.create', '', {}), sender };
  await receive({ initial: true, required_state: [creation, encryptionEvent()], timeline: [] });
  if (isCounted) expect(await receivers()).toEqual(people);
  else await expect(receivers()).rejects.toThrow(RosterError);
});

test('the roster is asked for and checked once, not at each message', async () => {
  await receivers();
  await receivers();
  await receivers();
  expect(rosterRequests()).toBe(1);
});

test('a new roster is taken when the sync tells of one', async () => {
  await receivers();
  published = await roster([anna], Date.now() + 1);
  await receive({ timeline: [rosterEvent(published)] });
  expect(await receivers()).toEqual([anna]);
});

test('a new roster is asked for after the sync has left something out', async () => {
  await receivers();
  published = await roster([anna], Date.now() + 1);
  await receive({ limited: true, prev_batch: 't', timeline: [] });
  expect(await receivers()).toEqual([anna]);
});

test('an older roster that comes again brings nobody back, also after a restart', async () => {
  const before = await roster([...people, eve], Date.now() - 1_000);
  members.set(eve, 'join');
  await receivers();
  published = before;
  await receive({ timeline: [rosterEvent(before)] });
  expect(await receivers()).toEqual(people);
  rooms = start();
  await rooms.restore();
  expect(await receivers()).toEqual(people);
});

test.each([
  ['there is none', () => null],
  ['nobody of ours has signed it', async () => ({ ...(await roster(people)), signature: 'A'.repeat(86) })],
  ['it is of the month before', () => roster(people, Date.now() - 31 * 24 * 60 * 60 * 1000)],
])('nothing is encrypted for a room if %s', async (_what, publish) => {
  published = await publish();
  await expect(rooms.encryptionRoom(roomId)).rejects.toThrow(RosterError);
});

test('what waits for a roster is told when it comes', async () => {
  published = null;
  const screen = await open();
  await vi.waitFor(() => expect(screen.update?.roster.problem).toBe('missing'));
  expect(onRoster).not.toHaveBeenCalled();
  published = await roster(people);
  await receive({ timeline: [rosterEvent(published)] });
  await vi.waitFor(() => expect(screen.update?.roster.problem).toBeNull());
  expect(onRoster).toHaveBeenCalledWith(roomId);
});

test('without the homeserver the roster that is known goes on to hold', async () => {
  await receivers();
  await receive({ limited: true, prev_batch: 't', timeline: [] });
  await rooms.members(roomId);
  isReachable = false;
  expect(await receivers()).toEqual(people);
});

test('without the homeserver and a roster a message waits, and does not fail', async () => {
  await rooms.members(roomId);
  isReachable = false;
  await expect(rooms.encryptionRoom(roomId)).rejects.toThrow(UnreachableError);
});

test('who does not belong is named after a moment, also under the name of an administration, until they are gone', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  const screen = await open();
  await vi.waitFor(() => expect(onRoster).toHaveBeenCalled());
  members.set(eve, 'join');
  await receive({ timeline: [memberEvent(eve, 'join')] });
  await vi.advanceTimersByTimeAsync(29_000);
  expect(screen.update?.roster.strangerIds).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(() => expect(screen.update?.roster.strangerIds).toEqual([eve]));
  await vi.waitFor(() =>
    expect(shownMembers).toContainEqual(expect.objectContaining({ userId: eve, isStranger: true })),
  );
  await receive({ timeline: [memberEvent(eve, 'leave')] });
  await vi.waitFor(() => expect(screen.update?.roster.strangerIds).toEqual([]));
});

test('members are read once, not at each message, and follow every change', async () => {
  await receivers();
  rooms = start();
  await rooms.restore();
  const table = vi.spyOn(storage, 'table');
  const reads = () => table.mock.calls.filter(([name]) => name === 'members').length;
  expect([await receivers(), await receivers()]).toEqual([people, people]);
  expect(reads()).toBe(1);
  await receive({ timeline: [memberEvent(ben, 'leave')] });
  expect(await receivers()).toEqual([anna]);
  expect(reads()).toBe(1);
});
