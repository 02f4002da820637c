/** Everything of one's own on its way, stored until the homeserver has it. */
import { queueEntrySchema, type QueueEntry } from './queue-entry.ts';
import type { PendingMessages } from './pending-message.ts';
import { RoomQueue } from './room-queue.ts';
import type { Sender } from './send-entry.ts';
import type { Storage, StorageChange } from '../storage/storage.ts';

export interface NewEntry {
  readonly itemId: string;
  readonly action: QueueEntry['action'];
  /** Bytes of a file, kept until it is uploaded. */
  readonly file?: Uint8Array;
}

export class Outbox implements PendingMessages {
  readonly #storage: Storage;
  readonly #sender: Omit<Sender, 'eventIdOf'>;
  readonly #queues = new Map<string, RoomQueue>();
  readonly #listeners = new Set<(roomId: string) => void>();
  /** Event ids of what was sent since the engine began, for relations written before the ids were known. */
  readonly #sent = new Map<string, string>();
  #lastPosition = 0;

  constructor(storage: Storage, sender: Omit<Sender, 'eventIdOf'>) {
    this.#storage = storage;
    this.#sender = sender;
  }

  /** Takes up what an earlier start has left. */
  async restore(): Promise<void> {
    const stored = await this.#storage.table('outbox').all();
    const entries = stored.flatMap((value) => queueEntrySchema.safeParse(value).data ?? []);
    // However the clock was set since then, what is new comes after what was left.
    this.#lastPosition = Math.max(0, ...entries.map(({ position }) => position));
    for (const entry of entries.toSorted((a, b) => a.position - b.position)) this.#queue(entry.roomId).add(entry);
  }

  /** Stored before it is shown as accepted, so that no crash loses it. @throws where nothing can be stored. */
  async add(roomId: string, { itemId, action, file }: NewEntry): Promise<void> {
    this.#lastPosition = Math.max(Date.now(), this.#lastPosition + 1);
    const entry: QueueEntry = {
      itemId,
      roomId,
      position: this.#lastPosition,
      createdAt: Date.now(),
      action,
      problem: null,
    };
    const changes: StorageChange[] = [{ table: 'outbox', key: itemId, value: entry }];
    if (file) changes.push({ table: 'files', key: itemId, value: file });
    await this.#storage.write(changes);
    this.#queue(roomId).add(entry);
  }

  retry(roomId: string, itemId: string): void {
    this.#queues.get(roomId)?.retry(itemId);
  }

  async discard(roomId: string, itemId: string): Promise<void> {
    await this.#queues.get(roomId)?.discard(itemId);
  }

  /** The connection is back. */
  wake(): void {
    for (const queue of this.#queues.values()) queue.wake();
  }

  /** A decision about somebody's changed identity was made. */
  identityDecided(): void {
    for (const queue of this.#queues.values()) queue.retryFailed('identity-changed');
  }

  stop(): void {
    for (const queue of this.#queues.values()) queue.stop();
  }

  of(roomId: string) {
    return this.#queues.get(roomId)?.pending ?? [];
  }

  subscribe(listener: (roomId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  confirm(roomId: string, itemId: string, eventId: string): void {
    this.#sent.set(itemId, eventId);
    this.#queues.get(roomId)?.confirm(itemId);
  }

  #queue(roomId: string): RoomQueue {
    const known = this.#queues.get(roomId);
    if (known) return known;
    const queue = new RoomQueue({
      sender: { ...this.#sender, eventIdOf: (id) => this.#sent.get(id) ?? id },
      keep: (entry) => this.#storage.write([{ table: 'outbox', key: entry.itemId, value: entry }]),
      forget: ({ itemId }) => this.#storage.write(deletionsOf(itemId)),
      onSent: (itemId, eventId) => this.#sent.set(itemId, eventId),
      onChange: () => this.#listeners.forEach((listener) => listener(roomId)),
    });
    this.#queues.set(roomId, queue);
    return queue;
  }
}

function deletionsOf(itemId: string): StorageChange[] {
  return [
    { table: 'outbox', key: itemId, isDeleted: true },
    { table: 'files', key: itemId, isDeleted: true },
  ];
}
