/**
 * Chunks as the storage holds them: in segments, so that a new message writes one small record and not the whole
 * history. An event stays in the segment it was first put into.
 */
import { z } from 'zod';
import type { Chunk } from './chunk.ts';
import { timelineEventSchema, type TimelineEvent } from './timeline-event.ts';

export const segmentSchema = z.array(timelineEventSchema);

export const outlineSchema = z.object({
  chunks: z.array(
    z.object({
      id: z.number(),
      olderToken: z.string().nullable(),
      newerToken: z.string().nullable(),
      isLive: z.boolean(),
      segments: z.array(z.number()),
    }),
  ),
});
type Outline = z.infer<typeof outlineSchema>;

const usualSize = 100;

interface Segment {
  readonly id: number;
  readonly events: readonly TimelineEvent[];
}

/** What has to be written so that the storage holds what is held. */
export interface SegmentChanges {
  readonly outline: Outline;
  /** The segment with the newest messages, of which most rooms have no other. Null: nothing is held. */
  readonly head: Segment | null;
  readonly changed: ReadonlyMap<number, readonly TimelineEvent[]>;
  readonly removed: readonly number[];
}

export class Segments {
  readonly #written: Map<number, readonly TimelineEvent[]>;
  readonly #places = new Map<string, number>();
  #lastId: number;
  #headId: number | null;

  /** @param headId the segment that the storage holds as head */
  constructor(stored: ReadonlyMap<number, readonly TimelineEvent[]> = new Map(), headId: number | null = null) {
    this.#headId = headId;
    this.#written = new Map(stored);
    this.#lastId = Math.max(0, ...stored.keys());
    for (const [id, events] of stored) for (const event of events) this.#places.set(event.id, id);
  }

  changes(chunks: readonly Chunk[]): SegmentChanges {
    const parts = chunks.map((chunk) => ({ chunk, segments: this.#divide(chunk.events) }));
    const all = new Map(parts.flatMap(({ segments }) => [...segments]));
    const head = headOf(parts.find(({ chunk }) => chunk.isLive)?.segments);
    const isWritten = (id: number, events: readonly TimelineEvent[]): boolean =>
      // What was the head has no record of its own yet.
      id === head?.id || (id !== this.#headId && isSame(events, this.#written.get(id)));
    return {
      outline: { chunks: parts.map(({ chunk, segments }) => outlineOf(chunk, [...segments.keys()])) },
      head,
      changed: new Map([...all].filter(([id, events]) => !isWritten(id, events))),
      removed: [...this.#written.keys()].filter((id) => !all.has(id)),
    };
  }

  /** The storage holds it. */
  confirm({ head, changed, removed }: SegmentChanges): void {
    this.#headId = head?.id ?? null;
    if (head) this.#written.set(head.id, head.events);
    for (const [id, events] of changed) this.#written.set(id, events);
    for (const id of removed) this.#written.delete(id);
  }

  #divide(events: readonly TimelineEvent[]): Map<number, TimelineEvent[]> {
    const segments = new Map<number, TimelineEvent[]>();
    const following = this.#followingSegments(events);
    let current: number | null = null;
    for (const [index, event] of events.entries()) {
      const place: number = this.#places.get(event.id) ?? this.#placeFor(current, following[index] ?? null, segments);
      this.#places.set(event.id, place);
      const segment = segments.get(place);
      if (segment) segment.push(event);
      else segments.set(place, [event]);
      current = place;
    }
    return segments;
  }

  /** For each event the segment of the next one that has one. */
  #followingSegments(events: readonly TimelineEvent[]): readonly (number | null)[] {
    let next: number | null = null;
    return events
      .toReversed()
      .map(({ id }) => (next = this.#places.get(id) ?? next))
      .toReversed();
  }

  #placeFor(
    current: number | null,
    following: number | null,
    segments: ReadonlyMap<number, readonly TimelineEvent[]>,
  ): number {
    if (current !== null) {
      const hasRoom = (segments.get(current)?.length ?? 0) < usualSize;
      if (hasRoom || current === following) return current;
    }
    this.#lastId += 1;
    return this.#lastId;
  }
}

function headOf(segments: ReadonlyMap<number, readonly TimelineEvent[]> | undefined): Segment | null {
  const last = [...(segments ?? [])].at(-1);
  return last ? { id: last[0], events: last[1] } : null;
}

function outlineOf({ id, olderToken, newerToken, isLive }: Chunk, segments: number[]): Outline['chunks'][number] {
  return { id, olderToken, newerToken, isLive, segments };
}

function isSame(events: readonly TimelineEvent[], written: readonly TimelineEvent[] | undefined): boolean {
  return written?.length === events.length && events.every((event, index) => event === written[index]);
}
