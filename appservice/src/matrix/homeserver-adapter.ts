/**
 * Implements the ports on the client-server API. The bot speaks through the provisioner's registration; joining
 * people and reading their invitations goes through the people registration, which is not the bot's (docs/adr/0007).
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { eventIdSchema, localpartOf, roomIdSchema, userIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type { BridgeConnection } from './bridge.ts';
import { readOpenIdUser } from './openid.ts';
import type { OwnEvents } from './own-events.ts';
import {
  HomeserverError,
  type ClosedAccountReader,
  type GroupJoiner,
  type Homeserver,
  type Invitation,
  type StateContent,
} from './ports.ts';
import { sendRequest, type MatrixRequest } from './request.ts';
import { readOwnSigningKeys, readSigningKeys, type KeyQuery } from './signing-keys.ts';

const nothing = z.unknown();
const content = z.record(z.string(), z.unknown());
const sentAnswer = z.object({ event_id: eventIdSchema });
const roomIdAnswer = z.object({ room_id: roomIdSchema });
const joinedRoomsAnswer = z.object({ joined_rooms: z.array(roomIdSchema) });
const stateEventAnswer = z.object({
  type: z.string(),
  state_key: z.string(),
  content,
  sender: z.string().pipe(userIdSchema),
  event_id: eventIdSchema,
});
const stateAnswer = z.array(stateEventAnswer);

const timelineEventAnswer = z.object({
  state_key: z.string().optional(),
  sender: z.string().pipe(userIdSchema),
  origin_server_ts: z.int(),
  unsigned: z.object({ redacted_because: z.unknown().optional() }).optional(),
});
const membershipAnswer = z.object({ membership: z.string() });

const strippedStateSchema = z.looseObject({ type: z.string(), state_key: z.string(), content, sender: z.string() });
const invitedRoomSchema = z.object({ invite_state: z.object({ events: z.array(strippedStateSchema).default([]) }) });
const invitationsAnswer = z.object({
  rooms: z.object({ invite: z.record(z.string(), invitedRoomSchema).default({}) }).default({ invite: {} }),
});

const client = '/_matrix/client/v3';
/**
 * Leaves nothing of a sync but invitations. Sliding sync would be cheaper, but Synapse fails for an appservice that
 * speaks for a person without a device ("assert device_id is not None", handlers/sliding_sync/store.py).
 */
const onlyInvitations = {
  presence: { not_types: ['*'] },
  account_data: { not_types: ['*'] },
  room: {
    timeline: { limit: 1, not_types: ['*'] },
    state: { not_types: ['*'], lazy_load_members: true },
    ephemeral: { not_types: ['*'] },
    account_data: { not_types: ['*'] },
  },
};

/** What the client-server API gives of the homeserver. */
export function createHomeserver(
  bot: BridgeConnection,
  people: BridgeConnection,
  { abandoned, ownEvents }: { readonly abandoned: AbortSignal; readonly ownEvents: Pick<OwnEvents, 'note'> },
): Omit<Homeserver, keyof ClosedAccountReader | keyof GroupJoiner> {
  const asBot = <Answer>(request: MatrixRequest, schema: z.ZodType<Answer>): Promise<Answer> =>
    sendRequest(bot.intent(), request, schema, abandoned);
  // The people registration's names leave the bot out. Its own invitations it cannot read: Synapse answers no sync of a
  // registration's own user ("NotImplementedError", handlers/sync.py).
  const asPerson = <Answer>(userId: UserId, request: MatrixRequest, schema: z.ZodType<Answer>) =>
    sendRequest(userId === bot.intent().userId ? bot.intent() : people.intent(userId), request, schema, abandoned);
  const keys: KeyQuery = { homeserverUrl: bot.intent().matrixClient.homeserverUrl, abandoned };

  return {
    createRoom: async (creation) =>
      (await asBot({ method: 'POST', path: `${client}/createRoom`, body: creation }, roomIdAnswer)).room_id,
    readState: (roomId) => asBot({ method: 'GET', path: `${roomPath(roomId)}/state` }, stateAnswer),
    sendState: async (roomId, state) => {
      const request: MatrixRequest = { method: 'PUT', path: statePath(roomId, state), body: state.content };
      ownEvents.note((await asBot(request, sentAnswer)).event_id);
    },
    invite: async (roomId, userId) => {
      await asBot({ method: 'POST', path: `${roomPath(roomId)}/invite`, body: { user_id: userId } }, nothing);
    },
    kick: async (roomId, userId, reason) => {
      const body = { user_id: userId, reason };
      await asBot({ method: 'POST', path: `${roomPath(roomId)}/kick`, body }, nothing);
    },
    readMessage: async (roomId, eventId) => {
      const path = `${roomPath(roomId)}/event/${encodeURIComponent(eventId)}`;
      const event = await asBot({ method: 'GET', path }, timelineEventAnswer).catch(nullIfRefused);
      if (event === null || event.state_key !== undefined) return null;
      const isDeleted = event.unsigned?.redacted_because !== undefined;
      return { sender: event.sender, sentAt: event.origin_server_ts, isDeleted };
    },
    redact: async (roomId, eventId, reason) => {
      // The number makes a repeated request the same one.
      const path = `${roomPath(roomId)}/redact/${encodeURIComponent(eventId)}/${randomUUID()}`;
      await asBot({ method: 'PUT', path, body: { reason } }, nothing);
    },
    ban: async (roomId, userId, reason) => {
      await asBot({ method: 'POST', path: `${roomPath(roomId)}/ban`, body: { user_id: userId, reason } }, nothing);
    },
    unban: async (roomId, userId, reason) => {
      await asBot({ method: 'POST', path: `${roomPath(roomId)}/unban`, body: { user_id: userId, reason } }, nothing);
    },
    joinAs: async (userId, roomId, via) => {
      const path = `${client}/join/${encodeURIComponent(roomId)}`;
      await asPerson(userId, { method: 'POST', path, query: { via }, body: {} }, nothing);
    },
    leaveAs: async (userId, roomId) => {
      await asPerson(userId, { method: 'POST', path: `${roomPath(roomId)}/leave`, body: {} }, nothing);
    },
    ownSigningKeys: () => readOwnSigningKeys(keys),
    signingKeysOf: (serverName, keyId) => readSigningKeys(keys, serverName, keyId, Date.now()),
    joinedRooms: async () =>
      (await asBot({ method: 'GET', path: `${client}/joined_rooms` }, joinedRoomsAnswer)).joined_rooms,
    pendingInvitations: async (userId) => {
      const { rooms } = await asPerson(userId, invitationsRequest(), invitationsAnswer);
      return Object.entries(rooms.invite).flatMap(([roomId, { invite_state: state }]) =>
        invitationOf(userId, roomId, state.events),
      );
    },
    readMembership: async (roomId, userId) => {
      const path = statePath(roomId, { type: 'm.room.member', state_key: userId, content: {} });
      const member = await asBot({ method: 'GET', path }, membershipAnswer).catch(nullIfRefused);
      return member?.membership ?? null;
    },
    isJoined: async (userId, roomId) => {
      const path = statePath(roomId, { type: 'm.room.member', state_key: userId, content: {} });
      const member = await asPerson(userId, { method: 'GET', path }, membershipAnswer).catch(nullIfRefused);
      return member?.membership === 'join';
    },
    joinedRoomsOf: async (userId) =>
      (await asPerson(userId, { method: 'GET', path: `${client}/joined_rooms` }, joinedRoomsAnswer)).joined_rooms,
    readCreateEventAs: (userId, roomId) => {
      const path = statePath(roomId, { type: 'm.room.create', state_key: '', content: {} });
      // Without the format the answer is the content alone (client-server API, "Getting events for a room").
      const request: MatrixRequest = { method: 'GET', path, query: { format: 'event' } };
      return asPerson(userId, request, stateEventAnswer).catch(nullIfRefused);
    },
    readStateAs: (userId, roomId) =>
      asPerson(userId, { method: 'GET', path: `${roomPath(roomId)}/state` }, stateAnswer),
    accountExists: (userId) =>
      accountExists(asPerson(userId, { method: 'GET', path: `${client}/account/whoami` }, nothing)),
    registerAccount: async (userId, displayName) => {
      await register(userId, (request) => sendRequest(people.intent(), request, nothing, abandoned));
      const path = `${client}/profile/${encodeURIComponent(userId)}/displayname`;
      await asPerson(userId, { method: 'PUT', path, body: { displayname: displayName } }, nothing);
    },
    userOfOpenIdToken: (accessToken) => readOpenIdUser(bot.intent().matrixClient.homeserverUrl, accessToken, abandoned),
  };
}

/** Makes sure that the bot's account exists. */
export async function registerBot(bot: BridgeConnection, userId: UserId, abandoned: AbortSignal): Promise<void> {
  await register(userId, (request) => sendRequest(bot.intent(), request, nothing, abandoned));
}

/** Who was never in a room may not read its state, and has none there. */
function nullIfRefused(error: unknown): null {
  if (error instanceof HomeserverError && (error.status === 403 || error.status === 404)) return null;
  throw error;
}

async function register(userId: UserId, send: (request: MatrixRequest) => Promise<unknown>): Promise<void> {
  const body = { type: 'm.login.application_service', username: localpartOf(userId), inhibit_login: true };
  await send({ method: 'POST', path: `${client}/register`, body }).catch((error: unknown) => {
    if (error instanceof HomeserverError && error.errcode === 'M_USER_IN_USE') return;
    throw error;
  });
}

/** An appservice may only speak for an account that exists, so asking who one is tells whether it does. */
async function accountExists(whoami: Promise<unknown>): Promise<boolean> {
  try {
    await whoami;
    return true;
  } catch (error) {
    if (error instanceof HomeserverError && error.status === 403) return false;
    throw error;
  }
}

/**
 * Synapse answers a first sync with the same filter from a cache for two minutes, without what has come since. Filters
 * may hold unknown keys; one that differs each time makes it look.
 */
function invitationsRequest(): MatrixRequest {
  const filter = JSON.stringify({ ...onlyInvitations, 'de.landbote.request': randomUUID() });
  return { method: 'GET', path: `${client}/sync`, query: { timeout: '0', set_presence: 'offline', filter } };
}

function invitationOf(
  userId: UserId,
  roomId: string,
  state: readonly z.infer<typeof strippedStateSchema>[],
): Invitation[] {
  const own = state.find((event) => event.type === 'm.room.member' && event.state_key === userId);
  const room = roomIdSchema.safeParse(roomId);
  const inviter = userIdSchema.safeParse(own?.sender);
  if (!room.success || !inviter.success) return [];
  const strippedState = state.map(({ type, state_key, content: value }) => ({ type, state_key, content: value }));
  return [{ roomId: room.data, inviter: inviter.data, strippedState }];
}

function roomPath(roomId: RoomId): string {
  return `${client}/rooms/${encodeURIComponent(roomId)}`;
}

function statePath(roomId: RoomId, { type, state_key: key }: StateContent): string {
  return `${roomPath(roomId)}/state/${encodeURIComponent(type)}/${encodeURIComponent(key)}`;
}
