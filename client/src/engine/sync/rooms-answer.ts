import type { RawEvent } from '../matrix/raw-event.ts';

/** One answer of the rooms connection, checked and in our words. What was malformed is left out and counted. */
export interface RoomsAnswer {
  readonly pos: string;
  /** Rooms that the list holds in all; null if the answer says nothing of it. */
  readonly roomCount: number | null;
  readonly rooms: ReadonlyMap<string, RoomChange>;
  readonly accountData: readonly AccountDataEvent[];
  readonly roomAccountData: ReadonlyMap<string, readonly AccountDataEvent[]>;
  readonly receipts: ReadonlyMap<string, readonly Receipt[]>;
  /** User ids; a room that is not named has not changed. */
  readonly typing: ReadonlyMap<string, readonly string[]>;
  /** Rooms and events that were left out. */
  readonly skipped: number;
}

export interface AccountDataEvent {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Receipt {
  readonly eventId: string;
  readonly userId: string;
  readonly isPrivate: boolean;
  readonly at: number;
}

/** What has changed in a room; absent: as before. */
export interface RoomChange {
  /** The connection's first word on this room: what it says replaces what was known. */
  readonly isInitial: boolean;
  readonly requiredState: readonly RawEvent[];
  /** Oldest first. */
  readonly timeline: readonly RawEvent[];
  /** There are events between what was given before and this timeline. */
  readonly isLimited: boolean;
  readonly previousBatch: string | null;
  /** Of an invitation; null in a room that the person is in. */
  readonly invitation: readonly StrippedEvent[] | null;
  readonly joinedCount?: number;
  readonly invitedCount?: number;
  readonly heroes?: readonly Hero[];
  /** How many events at the end of the timeline came in just now. */
  readonly liveCount: number;
}

export interface StrippedEvent {
  readonly type: string;
  readonly state_key: string;
  readonly sender: string;
  readonly content: Readonly<Record<string, unknown>>;
}

interface Hero {
  readonly userId: string;
  readonly name: string | null;
}
