/**
 * Every door of a homeserver's federation listener through which somebody outside could be invited into, join, read
 * or disturb a room, or learn about people (Matrix specification, server-server API).
 */
import { randomUUID } from 'node:crypto';
import { buildEvent, type SignedEvent, type Signer } from '#test/harness/federation/event.ts';
import type { UnaddressedRequest } from '#test/harness/federation/federation-client.ts';
import { forgeInvitation, type ForgedInvitation } from '#test/harness/federation/forged-room.ts';
import { draftEvent, draftMembership, type KnownRoom } from '#test/harness/federation/known-room.ts';

/** Who tries what. */
export interface Attempt {
  readonly origin: Signer;
  /** A person of the origin's server. */
  readonly visitor: string;
  /** The room that is tried. */
  readonly room: KnownRoom;
  /** A person of the target's server who is in the room. */
  readonly resident: string;
}

/**
 * What a server gets that the wall lets in and whose person is in the room. Some doors are shut for everybody; even
 * there the answer is another one than the wall's.
 */
export interface Welcome {
  readonly status: 200 | 403 | 404;
  readonly error?: string;
}

export interface Door {
  readonly name: string;
  readonly welcome: Welcome;
  /** Where the room's ACL is asked (docs/wall.md, "What a server ACL is and is not"). */
  readonly aclAsked: boolean;
  readonly request: (attempt: Attempt) => UnaddressedRequest;
}

const served: Welcome = { status: 200 };

const federation = '/_matrix/federation';
const encode = encodeURIComponent;

function get(path: string): UnaddressedRequest {
  return { method: 'GET', uri: `${federation}${path}` };
}

function putEvent(path: string, event: SignedEvent): UnaddressedRequest {
  return { method: 'PUT', uri: `${federation}${path}/${encode(event.eventId)}`, content: event.pdu };
}

/** A transaction of events and ephemeral events. */
export function transaction(origin: Signer, content: { pdus?: unknown[]; edus?: unknown[] }): UnaddressedRequest {
  const envelope = { origin: origin.serverName, origin_server_ts: Date.now(), pdus: [], ...content };
  return { method: 'PUT', uri: `${federation}/v1/send/${randomUUID()}`, content: envelope };
}

/** Asks the invited person's server to accept an invitation. */
export function inviting({ roomId, create, invitation }: ForgedInvitation): UnaddressedRequest {
  return {
    method: 'PUT',
    uri: `${federation}/v2/invite/${encode(roomId)}/${encode(invitation.eventId)}`,
    content: { event: invitation.pdu, room_version: '12', invite_room_state: [create.pdu] },
  };
}

/** Leaves by hand. Not among the doors, because a server that is let in would lose its person. */
export function leaving({ room, visitor, origin }: Attempt): UnaddressedRequest {
  return putEvent(
    `/v2/send_leave/${encode(room.roomId)}`,
    buildEvent(draftMembership(room, visitor, visitor, 'leave'), origin),
  );
}

const joining: readonly Door[] = [
  {
    name: 'make_join',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor }) => get(`/v1/make_join/${encode(room.roomId)}/${encode(visitor)}?ver=12`),
  },
  {
    name: 'send_join, built by hand without make_join',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor, origin }) =>
      putEvent(
        `/v2/send_join/${encode(room.roomId)}`,
        buildEvent(draftMembership(room, visitor, visitor, 'join'), origin),
      ),
  },
  {
    name: 'make_knock',
    welcome: { status: 403, error: "You don't have permission to knock" },
    aclAsked: true,
    request: ({ room, visitor }) => get(`/v1/make_knock/${encode(room.roomId)}/${encode(visitor)}?ver=12`),
  },
  {
    name: 'send_knock, built by hand',
    welcome: { status: 403 },
    aclAsked: true,
    request: ({ room, visitor, origin }) =>
      putEvent(
        `/v1/send_knock/${encode(room.roomId)}`,
        buildEvent(draftMembership(room, visitor, visitor, 'knock'), origin),
      ),
  },
  {
    name: 'make_leave',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor }) => get(`/v1/make_leave/${encode(room.roomId)}/${encode(visitor)}`),
  },
];

const reading: readonly Door[] = [
  {
    name: 'state',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/state/${encode(room.roomId)}?event_id=${encode(room.latest)}`),
  },
  {
    name: 'state_ids',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/state_ids/${encode(room.roomId)}?event_id=${encode(room.latest)}`),
  },
  {
    name: 'event_auth',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/event_auth/${encode(room.roomId)}/${encode(room.latest)}`),
  },
  {
    name: 'backfill',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/backfill/${encode(room.roomId)}?v=${encode(room.latest)}&limit=10`),
  },
  {
    name: 'get_missing_events',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => ({
      method: 'POST',
      uri: `${federation}/v1/get_missing_events/${encode(room.roomId)}`,
      content: { earliest_events: [], latest_events: [room.latest], limit: 10, min_depth: 0 },
    }),
  },
  {
    name: 'timestamp_to_event',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/timestamp_to_event/${encode(room.roomId)}?ts=1&dir=f`),
  },
  {
    name: 'event',
    welcome: served,
    aclAsked: false,
    request: ({ room }) => get(`/v1/event/${encode(room.latest)}`),
  },
  {
    name: 'hierarchy',
    welcome: served,
    aclAsked: false,
    request: ({ room }) => get(`/v1/hierarchy/${encode(room.roomId)}`),
  },
  {
    name: 'publicRooms',
    // A room directory that is closed to other servers says the same as the wall.
    welcome: { status: 403 },
    aclAsked: false,
    request: () => get('/v1/publicRooms'),
  },
];

const sending: readonly Door[] = [
  {
    name: 'send a message',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor, origin }) => {
      const content = { msgtype: 'm.text', body: 'Klopf, klopf' };
      return transaction(origin, {
        pdus: [buildEvent(draftEvent(room, visitor, 'm.room.message', content), origin).pdu],
      });
    },
  },
  {
    name: 'send a typing notice and a receipt',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor, origin }) =>
      transaction(origin, {
        edus: [
          { edu_type: 'm.typing', content: { room_id: room.roomId, user_id: visitor, typing: true } },
          {
            edu_type: 'm.receipt',
            content: {
              [room.roomId]: { 'm.read': { [visitor]: { event_ids: [room.latest], data: { ts: Date.now() } } } },
            },
          },
        ],
      }),
  },
  {
    name: 'send to a device',
    welcome: served,
    aclAsked: false,
    request: ({ visitor, resident, origin }) => transaction(origin, { edus: [toDeviceMessage(visitor, resident)] }),
  },
  {
    name: 'invite into a room of the own server',
    // Policy: invitations come from the appservices' bots alone.
    welcome: { status: 403 },
    aclAsked: false,
    request: ({ visitor, resident, origin }) => inviting(forgeInvitation(origin, visitor, resident)),
  },
];

const people: readonly Door[] = [
  {
    name: 'query/profile',
    welcome: { status: 403, error: 'Profile lookup over federation is disabled on this homeserver' },
    aclAsked: false,
    request: ({ resident }) => get(`/v1/query/profile?user_id=${encode(resident)}`),
  },
  {
    name: 'query/directory',
    welcome: { status: 404 },
    aclAsked: false,
    request: ({ resident }) =>
      get(`/v1/query/directory?room_alias=${encode(`#lagezentrum:${resident.split(':')[1]}`)}`),
  },
  {
    name: 'user/devices',
    welcome: served,
    aclAsked: false,
    request: ({ resident }) => get(`/v1/user/devices/${encode(resident)}`),
  },
  {
    name: 'user/keys/query',
    welcome: served,
    aclAsked: false,
    request: ({ resident }) => ({
      method: 'POST',
      uri: `${federation}/v1/user/keys/query`,
      content: { device_keys: { [resident]: [] } },
    }),
  },
  {
    name: 'user/keys/claim',
    welcome: served,
    aclAsked: false,
    request: ({ resident }) => ({
      method: 'POST',
      uri: `${federation}/v1/user/keys/claim`,
      content: { one_time_keys: { [resident]: { GERAET: 'signed_curve25519' } } },
    }),
  },
  {
    name: 'media/download',
    welcome: { status: 404 },
    aclAsked: false,
    request: () => get('/v1/media/download/abcdefghijklmnopqrstuvwx?timeout_ms=0'),
  },
];

export const doors: readonly Door[] = [...joining, ...reading, ...sending, ...people];

/** A to-device message to all devices of `recipient`, of a type that clients hand to nobody. */
export function toDeviceMessage(sender: string, recipient: string): Record<string, unknown> {
  return {
    edu_type: 'm.direct_to_device',
    content: {
      sender,
      type: 'de.landbote.test',
      message_id: randomUUID(),
      messages: { [recipient]: { '*': { note: 'Klopf, klopf' } } },
    },
  };
}

/** Throws if there is no such door. */
export function doorNamed(name: string): Door {
  const door = doors.find((candidate) => candidate.name === name);
  if (door === undefined) throw new Error(`there is no door "${name}"`);
  return door;
}
