/** Which part of a chunk a page looks at. Positions are event ids, so that they hold while the chunk grows. */
import type { Chunk } from './chunk.ts';
import { isMessage, type TimelineEvent } from './timeline-event.ts';

export interface Window {
  /** First event shown; null: the chunk has none. */
  readonly first: string | null;
  /** Last event shown; null: up to the newest, also those to come. */
  readonly last: string | null;
}

export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** So many messages are shown at first, at most: twice what the tallest screen holds. */
export const firstSize = 40;
/** A step, the way to the edge at which the next one is asked for, and the tallest screen. */
const greatestSize = 240;
export const stepSize = 80;

export function extentOf(chunk: Chunk, { first, last }: Window): Extent {
  const from = first === null ? 0 : chunk.events.findIndex(({ id }) => id === first);
  const to = last === null ? chunk.events.length : chunk.events.findIndex(({ id }) => id === last) + 1;
  return { from: Math.max(0, from), to };
}

export function windowOf(chunk: Chunk, { from, to }: Extent): Window {
  const reachesNow = chunk.isLive && to >= chunk.events.length;
  return { first: chunk.events[from]?.id ?? null, last: reachesNow ? null : (chunk.events[to - 1]?.id ?? null) };
}

export function newest(chunk: Chunk): Extent {
  const to = chunk.events.length;
  return { from: before(chunk.events, to, firstSize), to };
}

export function around(chunk: Chunk, eventId: string): Extent {
  const at = Math.max(
    0,
    chunk.events.findIndex(({ id }) => id === eventId),
  );
  return { from: before(chunk.events, at, firstSize / 2), to: after(chunk.events, at, firstSize / 2) };
}

/** Grows at the older end; what would be too much goes at the newer one. */
export function grownOlder(chunk: Chunk, { from, to }: Extent): Extent {
  const start = before(chunk.events, from, stepSize);
  return { from: start, to: Math.min(to, after(chunk.events, start, greatestSize)) };
}

export function grownNewer(chunk: Chunk, { from, to }: Extent): Extent {
  const end = after(chunk.events, to, stepSize);
  return { from: Math.max(from, before(chunk.events, end, greatestSize)), to: end };
}

/** What a page that stays at the newest message need not hold any more. */
export function trimmed(chunk: Chunk, { from, to }: Extent): Extent {
  return { from: Math.max(from, before(chunk.events, to, greatestSize)), to };
}

export function countBefore(chunk: Chunk, to: number): number {
  let count = 0;
  for (let index = 0; index < to; index += 1) {
    const event = chunk.events[index];
    if (event && isMessage(event)) count += 1;
  }
  return count;
}

/** Start of the `count` messages that end at `to`; the beginning if there are fewer. */
function before(events: readonly TimelineEvent[], to: number, count: number): number {
  let index = to;
  for (let found = 0; index > 0; index -= 1) {
    const event = events[index - 1];
    if (event && isMessage(event)) found += 1;
    if (found > count) return index;
  }
  return index;
}

function after(events: readonly TimelineEvent[], from: number, count: number): number {
  let index = from;
  for (let found = 0; index < events.length; index += 1) {
    const event = events[index];
    if (event && isMessage(event)) found += 1;
    if (found > count) return index;
  }
  return index;
}
