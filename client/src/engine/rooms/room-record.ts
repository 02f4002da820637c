import { z } from 'zod';

const content = z.record(z.string(), z.unknown());

const stateSchema = z.object({
  type: z.string(),
  stateKey: z.string(),
  senderId: z.string(),
  sentAt: z.number(),
  content,
});
/** A piece of the room's state. Members are kept apart. */
export type StateEntry = z.infer<typeof stateSchema>;

const heroSchema = z.object({ userId: z.string(), name: z.string().nullable() });

const previewSchema = z.object({
  kind: z.enum(['text', 'image', 'file', 'deleted', 'unreadable', 'pending']),
  text: z.string(),
  senderId: z.string(),
  isOwn: z.boolean(),
});

const heldAlertSchema = z.object({ eventId: z.string(), senderId: z.string(), sentAt: z.number(), content });
/** An alert that was not over yet. `content`: decrypted, of the latest edit. */
export type HeldAlert = z.infer<typeof heldAlertSchema>;

/** What is kept of every room, also of those that nobody has opened. */
export const roomRecordSchema = z.object({
  form: z.literal(1),
  roomId: z.string(),
  membership: z.enum(['join', 'invite', 'leave']),
  /** By type and state key (`stateName`). */
  state: z.record(z.string(), stateSchema),
  heroes: z.array(heroSchema),
  joinedCount: z.number(),
  /** Names of those who have written lately, by user id. */
  names: z.record(z.string(), z.string()),
  /** All members are stored, and the sync has left nothing out since. */
  hasAllMembers: z.boolean(),
  /** The signed-in person's own receipt, private or public. */
  receipt: z.object({ eventId: z.string(), at: z.number() }).nullable(),
  fullyReadId: z.string().nullable(),
  isFavourite: z.boolean(),
  newestEventId: z.string().nullable(),
  lastActivityAt: z.number(),
  preview: previewSchema.nullable(),
  unreadCount: z.number(),
  isUnreadCountLowerBound: z.boolean(),
  mentionCount: z.number(),
  alerts: z.array(heldAlertSchema).default([]),
});
export type RoomRecord = z.infer<typeof roomRecordSchema>;

export function emptyRecord(roomId: string): RoomRecord {
  return {
    form: 1,
    roomId,
    membership: 'join',
    state: {},
    heroes: [],
    joinedCount: 0,
    names: {},
    hasAllMembers: false,
    receipt: null,
    fullyReadId: null,
    isFavourite: false,
    newestEventId: null,
    lastActivityAt: 0,
    preview: null,
    unreadCount: 0,
    isUnreadCountLowerBound: false,
    mentionCount: 0,
    alerts: [],
  };
}

export function stateName(type: string, stateKey: string): string {
  return `${type} ${stateKey}`;
}

export function stateOf(record: RoomRecord, type: string, stateKey = ''): StateEntry | null {
  const name = stateName(type, stateKey);
  return Object.hasOwn(record.state, name) ? (record.state[name] ?? null) : null;
}

/** Content of a state event; empty if there is none. */
export function stateContent(record: RoomRecord, type: string, stateKey = ''): Readonly<Record<string, unknown>> {
  return stateOf(record, type, stateKey)?.content ?? {};
}
