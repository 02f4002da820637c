/** One room's messages in the engine's memory: history, relations, and what decryption found out. */
import type { Decryption, Encryption } from '../encryption/encryption.ts';
import type { UnreadableReason } from '../protocol.ts';
import type { PendingMessages } from '../sending/pending-message.ts';
import type { StorageChange } from '../storage/storage.ts';
import type { Chunk } from './chunk.ts';
import { History, type HistoryPage, type SyncedTimeline } from './history.ts';
import { Relations } from './relations.ts';
import type { StoredTimeline } from './stored-timeline.ts';
import { isDecryptable, rawEvent, redacted, redactionTarget, type TimelineEvent } from './timeline-event.ts';

export class RoomTimeline {
  readonly roomId: string;
  readonly history: History;
  readonly relations: Relations;
  readonly #stored: StoredTimeline;
  readonly #pending: PendingMessages;
  readonly #unreadable = new Map<string, { reason: UnreadableReason; sessionId: string | null }>();
  readonly #decrypting = new Map<string, Promise<void>>();
  /** How often keys have come in. */
  #arrivals = 0;
  readonly #quoted = new Map<string, TimelineEvent>();
  readonly #listeners = new Set<() => void>();

  constructor(roomId: string, chunks: readonly Chunk[], stored: StoredTimeline, pending: PendingMessages) {
    this.roomId = roomId;
    this.#stored = stored;
    this.#pending = pending;
    this.history = new History(chunks);
    this.relations = new Relations((eventId) => this.history.event(eventId));
    for (const chunk of chunks) chunk.events.forEach((event) => this.relations.add(event));
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** A held event, or one that was fetched to be quoted. */
  event(eventId: string): TimelineEvent | null {
    return this.history.event(eventId) ?? this.#quoted.get(eventId) ?? null;
  }

  unreadable(eventId: string): UnreadableReason | null {
    return this.#unreadable.get(eventId)?.reason ?? null;
  }

  /** @returns those that were not held before. */
  addSynced(timeline: SyncedTimeline): readonly TimelineEvent[] {
    return this.#adding(timeline.events, (events) => this.history.addSynced({ ...timeline, events }));
  }

  addPage(chunk: Chunk, page: HistoryPage): void {
    this.#adding(page.events, (events) => this.history.addPage(chunk, { ...page, events }));
  }

  addContext(found: readonly TimelineEvent[], olderToken: string | null, newerToken: string | null): void {
    this.#adding(found, (events) => this.history.addContext(events, olderToken, newerToken));
  }

  addQuoted(event: TimelineEvent): void {
    this.#quoted.set(event.id, event);
  }

  /**
   * Decrypts what is not yet, and waits for what is being decrypted already.
   * @returns whether something has become known that was not.
   */
  async decrypt(encryption: Pick<Encryption, 'decrypt'>, events: readonly TimelineEvent[]): Promise<boolean> {
    const waiting = events.filter(
      (event) => isDecryptable(event) && !this.#unreadable.has(event.id) && !this.#decrypting.has(event.id),
    );
    for (const event of waiting) {
      const work = this.#decryptOne(encryption, event).finally(() => this.#decrypting.delete(event.id));
      this.#decrypting.set(event.id, work);
    }
    await Promise.all(events.flatMap(({ id }) => this.#decrypting.get(id) ?? []));
    return waiting.length > 0;
  }

  /** Keys came in: what these sessions encrypted is worth another try. @returns the events. */
  forgetFailures(sessionIds: readonly string[]): readonly TimelineEvent[] {
    const ids = [...this.#unreadable].filter(
      ([, { sessionId }]) => sessionId === null || sessionIds.includes(sessionId),
    );
    for (const [id] of ids) this.#unreadable.delete(id);
    this.#arrivals += 1;
    return ids.flatMap(([id]) => this.event(id) ?? []);
  }

  /** Called after each change. Returns a function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notify(): void {
    for (const listener of this.#listeners) listener();
  }

  changes(): ReturnType<StoredTimeline['changes']> {
    return this.#stored.changes(this.history.chunks);
  }

  deletions(): readonly StorageChange[] {
    return this.#stored.deletions();
  }

  #adding(found: readonly TimelineEvent[], add: (events: readonly TimelineEvent[]) => void): readonly TimelineEvent[] {
    const pending = this.#pending.of(this.roomId);
    const named = found.map((event) => {
      const own = pending.find(({ itemId, eventId }) => itemId === event.transactionId || eventId === event.id);
      // The item on the screen keeps its id when the event takes its place.
      return own ? { ...event, transactionId: own.itemId } : event;
    });
    const isNew = new Set(named.filter(({ id }) => !this.history.event(id)));
    add(named);
    for (const event of isNew) this.#fold(event);
    return [...isNew];
  }

  #fold(event: TimelineEvent): void {
    this.relations.add(event);
    const target = redactionTarget(event);
    const deleted = target === null ? null : this.event(target);
    if (deleted && !deleted.isRedacted) this.#replace(redacted(deleted));
  }

  async #decryptOne(encryption: Pick<Encryption, 'decrypt'>, event: TimelineEvent): Promise<void> {
    const result = await this.#resultOf(encryption, event);
    // It may have been deleted meanwhile.
    const current = this.event(event.id);
    if (!current || !isDecryptable(current)) return;
    if (result.kind === 'unreadable') this.#unreadable.set(event.id, result);
    else
      this.#replace({
        ...current,
        clear: { type: result.type, content: { ...result.content }, shield: result.shield },
      });
  }

  /** Tries again when keys came in meanwhile: decryption may have looked for its own before. */
  async #resultOf(encryption: Pick<Encryption, 'decrypt'>, event: TimelineEvent): Promise<Decryption> {
    const arrivals = this.#arrivals;
    const result = await encryption.decrypt(this.roomId, rawEvent(event));
    if (result.kind === 'clear' || arrivals === this.#arrivals) return result;
    return this.#resultOf(encryption, event);
  }

  #replace(event: TimelineEvent): void {
    if (this.history.event(event.id)) this.history.replace(event);
    else this.#quoted.set(event.id, event);
  }
}

/** Own pending messages whose event is among these. */
export function confirmations(
  pending: PendingMessages,
  roomId: string,
  events: readonly TimelineEvent[],
): readonly (readonly [string, string])[] {
  const waiting = new Set(pending.of(roomId).map(({ itemId }) => itemId));
  return events.flatMap(({ id, transactionId }) =>
    transactionId !== null && waiting.has(transactionId) ? [[transactionId, id] as const] : [],
  );
}
