/**
 * A person at a client: signs in, uses the appservice's API, sends and reads end-to-end encrypted messages with the
 * same SDK and cryptography as the client.
 */
import {
  ClientEvent,
  createClient,
  MatrixEventEvent,
  RoomEvent,
  type MatrixClient,
  type MatrixEvent,
} from 'matrix-js-sdk';
import type { Logger } from 'matrix-js-sdk/lib/logger.js';
import { z } from 'zod';
import { conversationSchema, sessionSchema } from '#contract/api.ts';
import { waitUntil } from '#test/harness/wait-until.ts';

const quiet = (): void => undefined;
const silentLogger: Logger = {
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  getChild: () => silentLogger,
};

const signedInSchema = z.object({ user_id: z.string(), device_id: z.string(), access_token: z.string() });

interface ReceivedMessage {
  readonly body: string;
  /** As it went over the wire. */
  readonly wireType: string;
}

export interface Person {
  readonly userId: string;
  readonly accessToken: string;
  /** Starts a direct chat through the appservice; gives the room's id. */
  readonly startDirectChat: (withUserId: string) => Promise<string>;
  /** Resolves when the room is there, encrypted, and the other person is in it. */
  readonly seesRoomWith: (roomId: string, otherUserId: string) => Promise<void>;
  readonly send: (roomId: string, body: string) => Promise<void>;
  readonly reads: (roomId: string, body: string) => Promise<ReceivedMessage>;
  readonly signOut: () => Promise<void>;
}

/** Signs a person in at `baseUrl` and starts to sync. Throws if the homeserver refuses. */
export async function signIn(baseUrl: string, fetchFn: typeof fetch, user: string, password: string): Promise<Person> {
  const identifier = { type: 'm.id.user', user };
  const login = { type: 'm.login.password', identifier, password };
  const answer = signedInSchema.parse(await post(fetchFn, `${baseUrl}/_matrix/client/v3/login`, login));
  const client = createClient({
    baseUrl,
    fetchFn,
    userId: answer.user_id,
    deviceId: answer.device_id,
    accessToken: answer.access_token,
    logger: silentLogger,
  });
  await client.initRustCrypto({ useIndexedDB: false });
  const prepared = new Promise<void>((resolve) => client.once(ClientEvent.Sync, () => resolve()));
  await client.startClient({ initialSyncLimit: 20 });
  await prepared;
  return personOf(client, baseUrl, fetchFn);
}

function personOf(client: MatrixClient, baseUrl: string, fetchFn: typeof fetch): Person {
  return {
    userId: client.getSafeUserId(),
    accessToken: client.getAccessToken() ?? '',
    startDirectChat: (withUserId) => startDirectChat(client, baseUrl, fetchFn, withUserId),
    seesRoomWith: (roomId, otherUserId) => seesRoomWith(client, roomId, otherUserId),
    send: async (roomId, body) => void (await client.sendTextMessage(roomId, body)),
    reads: (roomId, body) => reads(client, roomId, body),
    signOut: async () => void (await client.logout(true)),
  };
}

async function startDirectChat(
  client: MatrixClient,
  baseUrl: string,
  fetchFn: typeof fetch,
  withUserId: string,
): Promise<string> {
  const openIdToken = await client.getOpenIdToken();
  const { token } = sessionSchema.parse(await post(fetchFn, `${baseUrl}/api/v1/session`, openIdToken));
  const wish = { class: 'direkt', with: withUserId };
  return conversationSchema.parse(await post(fetchFn, `${baseUrl}/api/v1/conversations`, wish, token)).roomId;
}

async function seesRoomWith(client: MatrixClient, roomId: string, otherUserId: string): Promise<void> {
  await waitUntil(`the encrypted room with ${otherUserId}`, () => {
    const room = client.getRoom(roomId);
    const isThere = room?.hasEncryptionStateEvent() === true && room.getMember(otherUserId)?.membership === 'join';
    return isThere ? true : undefined;
  });
}

/** Resolves with the message as soon as it is there and decrypted. */
function reads(client: MatrixClient, roomId: string, body: string): Promise<ReceivedMessage> {
  return new Promise((resolve) => {
    const look = (event: MatrixEvent): void => {
      if (event.getRoomId() !== roomId || event.getContent()['body'] !== body) return;
      client.off(RoomEvent.Timeline, look);
      client.off(MatrixEventEvent.Decrypted, look);
      resolve({ body, wireType: event.getWireType() });
    };
    client.on(RoomEvent.Timeline, look);
    client.on(MatrixEventEvent.Decrypted, look);
    for (const event of client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? []) look(event);
  });
}

async function post(fetchFn: typeof fetch, url: string, body: unknown, token?: string): Promise<unknown> {
  const response = await fetchFn(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url} was answered ${response.status}: ${await response.text()}`);
  return response.json();
}
