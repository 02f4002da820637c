/**
 * What a door of a homeserver's federation listener is, and how requests to it are written.
 */
import { randomUUID } from 'node:crypto';
import type { SignedEvent, Signer } from '#test/harness/federation/event.ts';
import type { UnaddressedRequest } from '#test/harness/federation/federation-client.ts';
import type { KnownRoom } from '#test/harness/federation/known-room.ts';

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

export const served: Welcome = { status: 200 };

export const federation = '/_matrix/federation';
export const encode = encodeURIComponent;

export function get(path: string): UnaddressedRequest {
  return { method: 'GET', uri: `${federation}${path}` };
}

export function putEvent(path: string, event: SignedEvent): UnaddressedRequest {
  return { method: 'PUT', uri: `${federation}${path}/${encode(event.eventId)}`, content: event.pdu };
}

/** A transaction of events and ephemeral events. */
export function transaction(origin: Signer, content: { pdus?: unknown[]; edus?: unknown[] }): UnaddressedRequest {
  const envelope = { origin: origin.serverName, origin_server_ts: Date.now(), pdus: [], ...content };
  return { method: 'PUT', uri: `${federation}/v1/send/${randomUUID()}`, content: envelope };
}
