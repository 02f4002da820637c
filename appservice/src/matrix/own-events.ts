/** Ids of state events that this process has sent, so that it need not look again when it hears of them. */
import type { EventId } from '#contract/ids.ts';

export interface OwnEvents {
  note(eventId: EventId): void;
  has(eventId: unknown): boolean;
}

/** Of a storm that is repaired, all are still known when the homeserver tells of them. */
const keptMax = 10_000;

/** Forgets the oldest beyond `keptMax`: of those it looks again, which costs a request and changes nothing. */
export function createOwnEvents(): OwnEvents {
  const known = new Set<unknown>();
  return {
    note(eventId) {
      known.add(eventId);
      if (known.size > keptMax) known.delete(known.values().next().value);
    },
    has: (eventId) => known.has(eventId),
  };
}
