import { z } from 'zod';
import { isRecord } from '../matrix/is-record.ts';
import type { RawEvent } from '../matrix/raw-event.ts';

const content = z.record(z.string(), z.unknown());

/** An event as it is held and stored (the storage is encrypted at rest). */
export const timelineEventSchema = z.object({
  id: z.string(),
  type: z.string(),
  senderId: z.string(),
  sentAt: z.number(),
  content,
  stateKey: z.string().nullable(),
  /** Item id of an event that this device has sent. */
  transactionId: z.string().nullable(),
  isRedacted: z.boolean(),
  /** What decryption gave, once it has. */
  clear: z
    .object({
      type: z.string(),
      content,
      shield: z.enum(['unprotected', 'unverified-device', 'identity-changed', 'authenticity-unknown']).nullable(),
    })
    .nullable(),
});
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

export function timelineEvent(raw: RawEvent): TimelineEvent {
  const isRedacted = raw.unsigned?.['redacted_because'] !== undefined;
  const transactionId = raw.unsigned?.['transaction_id'];
  return {
    id: raw.event_id,
    type: raw.type,
    senderId: raw.sender,
    sentAt: raw.origin_server_ts,
    content: isRedacted ? {} : raw.content,
    stateKey: raw.state_key ?? null,
    transactionId: typeof transactionId === 'string' ? transactionId : null,
    isRedacted,
    clear: null,
  };
}

export function rawEvent(event: TimelineEvent): RawEvent {
  return {
    event_id: event.id,
    type: event.type,
    sender: event.senderId,
    origin_server_ts: event.sentAt,
    content: event.content,
    ...(event.stateKey === null ? {} : { state_key: event.stateKey }),
  };
}

/** Nothing of a deleted message stays on this device. */
export function redacted(event: TimelineEvent): TimelineEvent {
  return { ...event, isRedacted: true, content: {}, clear: null };
}

export function isEncrypted(event: TimelineEvent): boolean {
  return event.type === 'm.room.encrypted';
}

/** Nothing readable is known of it yet. */
export function isDecryptable(event: TimelineEvent): boolean {
  return isEncrypted(event) && event.clear === null && !event.isRedacted;
}

/** Type and content as the sender meant them. */
export function shownType(event: TimelineEvent): string {
  return event.clear?.type ?? event.type;
}

export function shownContent(event: TimelineEvent): Readonly<Record<string, unknown>> {
  return event.clear?.content ?? event.content;
}

export interface Relation {
  readonly rel_type: string;
  readonly event_id: string;
  readonly key?: string;
}

/**
 * Relations stand outside of the encrypted part (client-server API, "Forming relationships between events").
 * Checked by hand: it is asked of every event at every change of a window.
 */
export function relationOf(event: Pick<TimelineEvent, 'content'>): Relation | null {
  const relation = event.content['m.relates_to'];
  if (!isRecord(relation)) return null;
  const { rel_type, event_id, key } = relation;
  if (typeof rel_type !== 'string' || typeof event_id !== 'string') return null;
  return typeof key === 'string' ? { rel_type, event_id, key } : { rel_type, event_id };
}

/** Event id that a redaction deletes. */
export function redactionTarget(event: Pick<TimelineEvent, 'type' | 'content'>): string | null {
  const target = event.content['redacts'];
  return event.type === 'm.room.redaction' && typeof target === 'string' ? target : null;
}

/** True for what has a place of its own in the timeline: messages, and what may turn out to be one. */
export function isMessage(event: TimelineEvent): boolean {
  if (event.stateKey !== null) return false;
  const isCandidate = shownType(event) === 'm.room.message' || (isEncrypted(event) && event.clear === null);
  return isCandidate && relationOf(event)?.rel_type !== 'm.replace';
}
