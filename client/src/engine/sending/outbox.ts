/** Everything of one's own on its way, stored until the homeserver has it. */
import { queueEntrySchema, type QueueEntry } from './queue-entry.ts';
import type { SendingProblem } from '../protocol.ts';
import type { PendingMessages } from './pending-message.ts';
import { RoomQueue } from './room-queue.ts';
import type { Sender } from './send-entry.ts';
import type { Storage, StorageChange } from '../storage/storage.ts';

export interface NewEntry {
  readonly itemId: string;
  readonly action: QueueEntry['action'];
  /** Bytes of a file, kept until it is uploaded. */
  readonly file?: Uint8Array<ArrayBuffer>;
}

export type OutboxSurroundings = Omit<Sender, 'eventIdOf' | 'fileOf'>;

export class Outbox implements PendingMessages {
  readonly #storage: Storage;
  readonly #surroundings: OutboxSurroundings;
  readonly #queues = new Map<string, RoomQueue>();
  readonly #listeners = new Set<(roomId: string) => void>();
  /** Event ids of what was sent since the engine began, for relations written before the ids were known. */
  readonly #sent = new Map<string, string>();
  /** What the store had no room for, by item id. */
  readonly #homeless = new Map<string, readonly StorageChange[]>();
  /** Items that are, or were, in a queue since the engine began. */
  readonly #known = new Set<string>();
  #lastPosition = 0;

  constructor(storage: Storage, surroundings: OutboxSurroundings) {
    this.#storage = storage;
    this.#surroundings = surroundings;
  }

  /** Takes up what an earlier start has left. */
  async restore(): Promise<void> {
    const stored = await this.#storage.table('outbox').all();
    const entries = stored.flatMap((value) => queueEntrySchema.safeParse(value).data ?? []);
    // However the clock was set since then, what is new comes after what was left.
    this.#lastPosition = Math.max(0, ...entries.map(({ position }) => position));
    for (const entry of entries.toSorted((a, b) => a.position - b.position)) this.#enqueue(entry);
  }

  /**
   * Stored before it is sent, so that no crash loses it, and encrypted meanwhile. Where the disk is full it is sent all
   * the same. What is known already is not added again.
   */
  async add(roomId: string, { itemId, action, file }: NewEntry): Promise<void> {
    if (this.#known.has(itemId)) return;
    // Before it is stored: it may be commanded again meanwhile.
    this.#known.add(itemId);
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
    const stored = this.#keep(itemId, changes);
    this.#enqueue(entry, stored);
    // Who writes wants it sent now, and what waits before it.
    this.#queue(roomId).wake();
    await stored;
  }

  retry(roomId: string, itemId: string): void {
    this.#queues.get(roomId)?.retry(itemId);
  }

  async discard(roomId: string, itemId: string): Promise<void> {
    await this.#queues.get(roomId)?.discard(itemId);
  }

  /** There is room again for what is only in memory. */
  async keepHomeless(): Promise<void> {
    for (const itemId of this.#homeless.keys()) await this.#keep(itemId, []);
  }

  /** The connection is back. */
  wake(): void {
    for (const queue of this.#queues.values()) queue.wake();
  }

  /** Sends by itself what had failed for a reason that is gone. */
  retryFailed(problem: SendingProblem): void {
    for (const queue of this.#queues.values()) queue.retryFailed(problem);
  }

  /** It is signed again who belongs to this room. */
  rosterArrived(roomId: string): void {
    this.#queues.get(roomId)?.retryFailed('no-roster');
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

  /** Together with what of it could not be stored earlier. */
  async #keep(itemId: string, changes: readonly StorageChange[]): Promise<void> {
    const all = [...(this.#homeless.get(itemId) ?? []), ...changes];
    try {
      await this.#storage.write(all);
      this.#homeless.delete(itemId);
    } catch {
      this.#homeless.set(itemId, all);
    }
  }

  async #fileOf(itemId: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const homeless = this.#homeless.get(itemId)?.find(({ table }) => table === 'files');
    const bytes = homeless && 'value' in homeless ? homeless.value : await this.#storage.table('files').get(itemId);
    return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null;
  }

  async #forget(itemId: string): Promise<void> {
    const deletions: StorageChange[] = [
      { table: 'outbox', key: itemId, isDeleted: true },
      { table: 'files', key: itemId, isDeleted: true },
    ];
    // What stays by accident is sent again under the same transaction id, and so not twice.
    await this.#storage.write(deletions).catch(() => undefined);
    // Last: an earlier write of it may have failed just now.
    this.#homeless.delete(itemId);
  }

  #enqueue(entry: QueueEntry, stored = Promise.resolve()): void {
    this.#known.add(entry.itemId);
    this.#queue(entry.roomId).add(entry, stored);
  }

  #queue(roomId: string): RoomQueue {
    const known = this.#queues.get(roomId);
    if (known) return known;
    const queue = new RoomQueue({
      sender: {
        ...this.#surroundings,
        eventIdOf: (id) => this.#sent.get(id) ?? id,
        fileOf: (itemId) => this.#fileOf(itemId),
      },
      keep: (entry) => this.#keep(entry.itemId, [{ table: 'outbox', key: entry.itemId, value: entry }]),
      forget: ({ itemId }) => this.#forget(itemId),
      onSent: (itemId, eventId) => this.#sent.set(itemId, eventId),
      onChange: () => this.#listeners.forEach((listener) => listener(roomId)),
    });
    this.#queues.set(roomId, queue);
    return queue;
  }
}
