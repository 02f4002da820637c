/**
 * A room's history as far as this device holds it: chunks with gaps between them. Every event is in it once. Pure:
 * what has to be asked of the server is asked elsewhere.
 */
import { merged, type Chunk } from './chunk.ts';
import type { TimelineEvent } from './timeline-event.ts';

/** Timeline of a room in a sync answer. */
export interface SyncedTimeline {
  readonly events: readonly TimelineEvent[];
  /** Events may be missing between what was given before and this. */
  readonly mayHaveGap: boolean;
  readonly previousBatch: string | null;
}

/** A page of `/messages`. */
export interface HistoryPage {
  readonly direction: 'older' | 'newer';
  /** Oldest first. */
  readonly events: readonly TimelineEvent[];
  /** Where it goes on; null: nowhere. */
  readonly end: string | null;
}

export class History {
  /** In no order; each knows how its own end goes on. */
  #chunks: Chunk[];
  readonly #places = new Map<string, Chunk>();
  readonly #events = new Map<string, TimelineEvent>();
  #lastChunkId: number;

  constructor(chunks: readonly Chunk[] = []) {
    this.#chunks = [...chunks];
    this.#lastChunkId = Math.max(0, ...chunks.map((chunk) => chunk.id));
    for (const chunk of chunks) this.#fill(chunk, chunk.events);
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  get live(): Chunk | null {
    return this.#chunks.find((chunk) => chunk.isLive) ?? null;
  }

  chunkOf(eventId: string): Chunk | null {
    return this.#places.get(eventId) ?? null;
  }

  event(eventId: string): TimelineEvent | null {
    return this.#events.get(eventId) ?? null;
  }

  /** Changes an event where it stands (decrypted, deleted). */
  replace(event: TimelineEvent): void {
    const chunk = this.chunkOf(event.id);
    if (!chunk) return;
    chunk.events = chunk.events.map((held) => (held.id === event.id ? event : held));
    this.#events.set(event.id, event);
  }

  addSynced({ events, mayHaveGap, previousBatch }: SyncedTimeline): void {
    const live = this.live;
    const overlaps = live !== null && events.some(({ id }) => this.#isIn(live, id));
    if (live === null || (mayHaveGap && live.events.length > 0 && !overlaps)) {
      return this.#startLive(events, previousBatch);
    }
    const first = events[0];
    const reachesFurther = first !== undefined && !this.#places.has(first.id);
    // What follows the newest event may be held already, loaded around an event that came in later.
    this.#join(live, overlaps ? events : [...live.events.slice(-1), ...events]);
    if (reachesFurther && live.events[0] === first) live.olderToken = previousBatch;
  }

  /** What the server gave around an event. */
  addContext(events: readonly TimelineEvent[], olderToken: string | null, newerToken: string | null): void {
    this.#join(this.#add({ events: [], olderToken, newerToken, isLive: false }), events);
  }

  /** Adds a page that was asked for at one end of the chunk. */
  addPage(chunk: Chunk, { direction, events, end }: HistoryPage): void {
    if (direction === 'older') {
      chunk.olderToken = end;
      this.#join(chunk, [...events, ...chunk.events.slice(0, 1)]);
    } else {
      chunk.newerToken = end;
      this.#join(chunk, [...chunk.events.slice(-1), ...events]);
    }
  }

  /** Merges a run of the server's order with every chunk that it touches. */
  #join(chunk: Chunk, run: readonly TimelineEvent[]): void {
    const touched = new Set(run.flatMap(({ id }) => this.#places.get(id) ?? [])).add(chunk);
    const events = merged(
      [...touched].flatMap((part) => part.events),
      run,
    );
    const [first, last] = [this.#ownerOf(events[0], chunk), this.#ownerOf(events.at(-1), chunk)];
    chunk.olderToken = first.olderToken;
    chunk.newerToken = last.newerToken;
    chunk.isLive = [...touched].some((part) => part.isLive);
    this.#chunks = this.#chunks.filter((other) => other === chunk || !touched.has(other));
    this.#fill(chunk, events);
  }

  #ownerOf(event: TimelineEvent | undefined, otherwise: Chunk): Chunk {
    return (event && this.#places.get(event.id)) ?? otherwise;
  }

  #startLive(events: readonly TimelineEvent[], olderToken: string | null): void {
    const past = this.live;
    if (past) past.isLive = false;
    const chunk = this.#add({ events: [], olderToken, newerToken: null, isLive: true });
    // It may touch what was loaded around an event.
    this.#join(chunk, events);
  }

  #add(chunk: Omit<Chunk, 'id'>): Chunk {
    this.#lastChunkId += 1;
    const added = { id: this.#lastChunkId, ...chunk };
    this.#chunks.push(added);
    return added;
  }

  #fill(chunk: Chunk, events: TimelineEvent[]): void {
    chunk.events = events;
    for (const event of events) {
      this.#places.set(event.id, chunk);
      this.#events.set(event.id, event);
    }
  }

  #isIn(chunk: Chunk, eventId: string): boolean {
    return this.#places.get(eventId) === chunk;
  }
}
