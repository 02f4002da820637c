/** Events for tests of histories: they differ by their position alone. */
import type { TimelineEvent } from './timeline-event.ts';

function event(position: number): TimelineEvent {
  return {
    id: `$${position}`,
    type: 'm.room.message',
    senderId: '@katrin.vogelsang:land.hessen.test',
    sentAt: position,
    content: {},
    stateKey: null,
    transactionId: null,
    isRedacted: false,
    clear: null,
  };
}

/** @param to the position after the last one */
export function eventsBetween(from: number, to: number): TimelineEvent[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => event(from + index));
}
