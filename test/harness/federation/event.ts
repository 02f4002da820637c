/**
 * Events (PDUs) of room version 12, built and signed by hand (Matrix specification, server-server API, "Signing
 * Events"; room version 12). So a test can send what no well-behaved homeserver would.
 */
import { createHash } from 'node:crypto';
import { eventIdSchema, roomIdSchema, type EventId, type RoomId } from '#contract/ids.ts';
import { canonicalJson, type JsonObject } from './canonical-json.ts';
import { redactEvent } from './redaction.ts';
import { signatureOf, unpaddedBase64, withSignature, type SigningKey } from './signing-key.ts';

/** What a test says about an event; the rest is computed. */
export interface EventDraft {
  readonly type: string;
  readonly sender: string;
  readonly content: JsonObject;
  readonly state_key?: string;
  /** Missing in a create event only: the room is named after that event's hash. */
  readonly room_id?: RoomId;
  readonly prev_events: readonly EventId[];
  readonly auth_events: readonly EventId[];
  readonly depth: number;
  readonly origin_server_ts?: number;
}

export interface Signer {
  readonly serverName: string;
  readonly key: SigningKey;
}

export interface SignedEvent {
  readonly eventId: EventId;
  readonly pdu: JsonObject;
}

/** Adds content hash and the signer's signature. */
export function buildEvent(draft: EventDraft, signer: Signer): SignedEvent {
  const event = { origin_server_ts: Date.now(), ...draft };
  return signEvent({ ...event, hashes: { sha256: contentHash(event) } }, signer);
}

/** Adds a signature to an event that has its hashes: a second server's, or that of a template's sender. */
export function signEvent(pdu: JsonObject, signer: Signer): SignedEvent {
  const signature = signatureOf(redactEvent(pdu), signer.key);
  const signatures = withSignature(pdu['signatures'], signer.serverName, signer.key.id, signature);
  return { eventId: eventIdOf(pdu), pdu: { ...pdu, signatures } };
}

/** SHA-256 over the whole event but for what may change on its way. */
export function contentHash(event: JsonObject): string {
  const { unsigned: _unsigned, signatures: _signatures, hashes: _hashes, ...hashed } = event;
  return unpaddedBase64(sha256(canonicalJson(hashed)));
}

/** `$` and the reference hash: SHA-256 over what a redaction leaves, without the signatures. */
export function eventIdOf(event: JsonObject): EventId {
  const { signatures: _signatures, unsigned: _unsigned, ...referenced } = redactEvent(event);
  return eventIdSchema.parse(`$${sha256(canonicalJson(referenced)).toString('base64url')}`);
}

/** A room of version 12 is named after its create event. */
export function roomIdOf(createEvent: JsonObject): RoomId {
  return roomIdSchema.parse(`!${eventIdOf(createEvent).slice(1)}`);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
