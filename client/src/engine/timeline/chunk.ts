import type { TimelineEvent } from './timeline-event.ts';

/** Consecutive events, oldest first. Between two chunks lie events that this device does not hold. */
export interface Chunk {
  readonly id: number;
  events: TimelineEvent[];
  /** Where older events are to be had; null: there are none. */
  olderToken: string | null;
  /** Where newer events are to be had; null: not known, it can be asked for. */
  newerToken: string | null;
  /** Reaches to the newest event; the sync adds to it. */
  isLive: boolean;
}

/**
 * Puts the events of `run` that `base` lacks where they belong: before the event that follows them in `run`.
 * Both are in the server's order. What follows nothing known goes to the end.
 */
export function merged(base: readonly TimelineEvent[], run: readonly TimelineEvent[]): TimelineEvent[] {
  const positions = new Map(base.map((event, index) => [event.id, index]));
  const insertions = new Map<number, TimelineEvent[]>();
  let before = base.length;
  for (const event of run.toReversed()) {
    const known = positions.get(event.id);
    if (known !== undefined) before = known;
    else {
      positions.set(event.id, before);
      insertions.set(before, [event, ...(insertions.get(before) ?? [])]);
    }
  }
  return [...base, null].flatMap((event, index) => (insertions.get(index) ?? []).concat(event ?? []));
}
