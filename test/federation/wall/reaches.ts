/**
 * Every way in which a person's client makes its homeserver turn to another one (Matrix specification, client-server
 * API).
 */
import { randomUUID } from 'node:crypto';
import type { RoomId } from '#contract/ids.ts';
import { roomPath } from '#test/harness/matrix/rooms.ts';
import type { ClientAnswer, MatrixSession } from '#test/harness/matrix/session.ts';

/** What a person's client can ask for to reach somebody elsewhere. */
export interface Reach {
  readonly name: string;
  readonly status: number;
  readonly request: (session: MatrixSession, roomId: RoomId, recipient: string) => Promise<ClientAnswer>;
}

const encode = encodeURIComponent;

function serverOf(userId: string): string {
  return userId.slice(userId.indexOf(':') + 1);
}

export const reaches: readonly Reach[] = [
  {
    name: 'an invitation into a room',
    status: 403,
    request: (session, roomId, user_id) => session.request('POST', roomPath(roomId, 'invite'), { user_id }),
  },
  {
    name: 'a new room with an invitation',
    status: 403,
    request: (session, _roomId, recipient) =>
      session.request('POST', '/v3/createRoom', { preset: 'public_chat', invite: [recipient] }),
  },
  {
    name: 'a profile',
    status: 403,
    request: (session, _roomId, recipient) => session.request('GET', `/v3/profile/${encode(recipient)}`),
  },
  {
    name: 'the keys of devices',
    status: 200,
    request: (session, _roomId, recipient) =>
      session.request('POST', '/v3/keys/query', { device_keys: { [recipient]: [] } }),
  },
  {
    name: 'one-time keys',
    status: 200,
    request: (session, _roomId, recipient) =>
      session.request('POST', '/v3/keys/claim', { one_time_keys: { [recipient]: { GERAET: 'signed_curve25519' } } }),
  },
  {
    name: 'a message to devices',
    status: 200,
    request: (session, _roomId, recipient) =>
      session.request('PUT', `/v3/sendToDevice/de.landbote.test/${randomUUID()}`, {
        messages: { [recipient]: { '*': { note: 'Hallo' } } },
      }),
  },
  {
    name: 'the room directory',
    // An empty list: this homeserver searches no directory at all.
    status: 200,
    request: (session, _roomId, recipient) => session.request('GET', `/v3/publicRooms?server=${serverOf(recipient)}`),
  },
  {
    name: 'an alias',
    // Synapse's words for a server that federation is denied with.
    status: 502,
    request: (session, _roomId, recipient) =>
      session.request('GET', `/v3/directory/room/${encode(`#wache:${serverOf(recipient)}`)}`),
  },
  {
    name: 'joining a room there',
    status: 403,
    request: (session, _roomId, recipient) =>
      session.request('POST', `/v3/join/${encode(`!${'a'.repeat(43)}`)}?via=${serverOf(recipient)}`, {}),
  },
  {
    name: 'a file',
    status: 403,
    request: (session, _roomId, recipient) =>
      session.request('GET', `/v1/media/download/${serverOf(recipient)}/abcdefghijklmnopqrstuvwx`),
  },
];

/** Throws if there is no such way. */
export function reachNamed(name: string): Reach {
  const reach = reaches.find((candidate) => candidate.name === name);
  if (reach === undefined) throw new Error(`there is no way "${name}"`);
  return reach;
}
