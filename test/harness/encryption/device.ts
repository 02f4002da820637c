/** A device of an account as the engine would run it, without pages: encryption, fed by a connection of its own. */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { composeEncryption } from '../../../client/src/engine/encryption/compose-encryption.ts';
import type { Decryption, Encryption, EncryptionRoom } from '../../../client/src/engine/encryption/encryption.ts';
import { openMachine, type Machine } from '../../../client/src/engine/encryption/open-machine.ts';
import type { RawEvent } from '../../../client/src/engine/matrix/raw-event.ts';
import type { EncryptionStatus, Verification } from '../../../client/src/engine/protocol.ts';
import { eventIdSchema, userIdSchema, type EventId, type RoomId } from '#contract/ids.ts';
import { accepted, joinedMembers, readState, roomPath } from '#test/harness/matrix/rooms.ts';
import { sessionOf, type MatrixSession } from '#test/harness/matrix/session.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import type { Account } from './accounts.ts';
import { feedEncryption, type EncryptionFeed } from './encryption-feed.ts';

export interface Device {
  readonly account: Account;
  readonly deviceId: string;
  readonly session: MatrixSession;
  /** What the device runs on: for those who use it against its purpose. */
  readonly machine: Machine;
  readonly encryption: Encryption;
  readonly feed: EncryptionFeed;
  /** Sessions whose keys have come in, in order. */
  readonly keys: readonly string[];
  readonly verification: () => Verification;
  /** Throws if the device never gets there. */
  reaches(state: EncryptionStatus['state']): Promise<EncryptionStatus>;
  send(room: EncryptionRoom, body: string): Promise<EventId>;
  /** Sends as it is. */
  sendEvent(roomId: string, type: string, content: object): Promise<EventId>;
  read(roomId: RoomId, eventId: EventId): Promise<RawEvent>;
  decrypt(roomId: RoomId, eventId: EventId): Promise<Decryption>;
  /** The homeserver refuses requests whose `METHOD URL body` contains the text. Null: none any longer. */
  refuse(text: string | null): void;
  /** Resolves when the key backup at the homeserver holds keys. */
  backedUp(): Promise<void>;
  /** Ends the program; the device stays at the homeserver. */
  stop(): Promise<void>;
  signOut(): Promise<void>;
}

const loginSchema = z.object({ user_id: userIdSchema, access_token: z.string(), device_id: z.string() });
const sentSchema = z.object({ event_id: eventIdSchema });
const rawEventSchema = z.object({
  event_id: z.string(),
  type: z.string(),
  sender: z.string(),
  origin_server_ts: z.number(),
  content: z.record(z.string(), z.unknown()),
});

const backupSchema = z.object({ count: z.number() });

const started: Device[] = [];

/** Ends what a test has started. */
export async function stopDevices(): Promise<void> {
  await Promise.all(started.splice(0).map((device) => device.stop()));
}

export interface SignInOptions {
  /** A device id instead of one that the homeserver makes up. */
  readonly named?: string;
  /** False: the keys go into the IndexedDB that the test has put in place. */
  readonly isInMemory?: boolean;
}

export async function signInDevice(
  account: Account,
  { named, isInMemory = true }: SignInOptions = {},
): Promise<Device> {
  const { session, deviceId } = await logIn(account, named);
  const keys: string[] = [];
  let refused: string | null = null;
  let verification: Verification = { phase: 'none' };
  const machine = await openMachine({
    homeserverUrl: account.clientApiUrl,
    userId: account.userId,
    deviceId,
    async fetch(input, init) {
      const request = authorised(input, init, session.accessToken);
      const isRefused = refused !== null && (await asText(request)).includes(refused);
      return isRefused ? refusal() : fetch(request);
    },
    storageKey: randomBytes(32),
    databasePrefix: `test-${deviceId}`,
    isInMemory,
  });
  const encryption = composeEncryption(machine, {
    hasRoom: async () => true,
    onKeys: (_roomId, sessionIds) => keys.push(...sessionIds),
    onStatus: () => undefined,
    onVerification(state) {
      verification = state;
    },
    onIdentities: () => undefined,
  });
  const feed = feedEncryption(session, encryption);
  const read = (roomId: RoomId, eventId: EventId) => readEvent(session, roomId, eventId);
  async function sendEvent(roomId: string, type: string, content: object): Promise<EventId> {
    const path = `/v3/rooms/${encodeURIComponent(roomId)}/send/${type}/${randomUUID()}`;
    return sentSchema.parse(accepted(await session.request('PUT', path, content))).event_id;
  }
  async function stop(): Promise<void> {
    await feed.stop();
    encryption.stop();
  }
  const device: Device = {
    account,
    deviceId,
    session,
    machine,
    encryption,
    feed,
    keys,
    verification: () => verification,
    reaches: (state) =>
      waitUntil(`the state ${state}`, async () => {
        const status = await encryption.status();
        return status.state === state ? status : undefined;
      }),
    sendEvent,
    async send(room, body) {
      const { type, content } = await encryption.encrypt(room, 'm.room.message', { msgtype: 'm.text', body });
      return sendEvent(room.roomId, type, content);
    },
    read,
    decrypt: async (roomId, eventId) => encryption.decrypt(roomId, await read(roomId, eventId)),
    refuse(text) {
      refused = text;
    },
    async backedUp() {
      await waitUntil('the backup', async () => {
        const { body } = await session.request('GET', '/v3/room_keys/version');
        return backupSchema.parse(body).count > 0 ? true : undefined;
      });
    },
    stop,
    async signOut() {
      await stop();
      started.splice(started.indexOf(device), 1);
      accepted(await session.request('POST', '/v3/logout', {}));
    },
  };
  started.push(device);
  return device;
}

async function logIn({ clientApiUrl, userId, password }: Account, named?: string) {
  const response = await fetch(new URL('/_matrix/client/v3/login', clientApiUrl), {
    method: 'POST',
    body: JSON.stringify({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: userId },
      password,
      ...(named !== undefined && { device_id: named }),
    }),
  });
  const login = loginSchema.parse(await response.json());
  return { session: sessionOf(clientApiUrl, userId, login.access_token), deviceId: login.device_id };
}

function authorised(input: string | URL | Request, init: RequestInit | undefined, accessToken: string): Request {
  const request = new Request(input, init);
  request.headers.set('Authorization', `Bearer ${accessToken}`);
  return request;
}

async function asText(request: Request): Promise<string> {
  return `${request.method} ${request.url} ${await request.clone().text()}`;
}

function refusal(): Response {
  return Response.json({ errcode: 'M_FORBIDDEN', error: 'broken off' }, { status: 403 });
}

async function readEvent(session: MatrixSession, roomId: RoomId, eventId: EventId): Promise<RawEvent> {
  const answer = await session.request('GET', roomPath(roomId, `event/${encodeURIComponent(eventId)}`));
  return rawEventSchema.parse(accepted(answer));
}

/** The room as it is now, for whoever is going to write into it. */
export async function encryptionRoom(
  session: MatrixSession,
  roomId: RoomId,
  isDirect = false,
): Promise<EncryptionRoom> {
  const members = joinedMembers(await readState(session, roomId));
  return {
    roomId,
    settings: { algorithm: 'm.megolm.v1.aes-sha2' },
    historyVisibility: 'joined',
    members: members.map((userId) => ({ userId, membership: 'join' })),
    isDirect,
  };
}

/** Resolves with the clear content as soon as the device can read the message. */
export async function untilReadable(device: Device, roomId: RoomId, eventId: EventId) {
  let last: Decryption | null = null;
  try {
    return await waitUntil('the key of a message', async () => {
      last = await device.decrypt(roomId, eventId);
      return last.kind === 'clear' ? last : undefined;
    });
  } catch (error) {
    throw new Error(`not readable: ${JSON.stringify(last)}`, { cause: error });
  }
}
