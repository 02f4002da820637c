import type { Sending } from '../protocol.ts';

/** Something of one's own that the homeserver has not confirmed in the timeline yet: message, edit, reaction, redaction. */
export interface PendingMessage {
  /** Transaction id, and id of the item on the screen. Stands for the event id until there is one. */
  readonly itemId: string;
  readonly roomId: string;
  readonly type: string;
  /**
   * Not encrypted. Where it relates to something that is itself pending, `event_id` is that one's item id.
   * A redaction has `redacts`.
   */
  readonly content: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly sending: Sending;
  /** Known once the homeserver has taken it; the sync may bring the event earlier or later. */
  readonly eventId: string | null;
}

export interface PendingMessages {
  /** In the order in which they are sent. */
  of(roomId: string): readonly PendingMessage[];
  /** Returns a function that ends the subscription. */
  subscribe(listener: (roomId: string) => void): () => void;
  /** The sync has brought the event of this transaction: nothing is pending any more. */
  confirm(roomId: string, itemId: string, eventId: string): void;
}
