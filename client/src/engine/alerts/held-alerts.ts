/** Alerts among a room's newest messages: what stands above the chats until it is answered or over. */
import type { RoomAlert } from '../protocol.ts';
import { contentOf } from '../timeline/fold.ts';
import type { MessageBodies } from '../timeline/message-body.ts';
import type { RoomTimeline } from '../timeline/room-timeline.ts';
import { shownContent, type TimelineEvent } from '../timeline/timeline-event.ts';
import type { HeldAlert } from '../rooms/room-record.ts';
import { alertKey, alertOf } from './alert-content.ts';

/** How far back they are looked for: every change of a room asks. */
const eventsMax = 300;

/**
 * @param held those known before: what lies behind a gap stays until it is over
 * @param now milliseconds since 1970
 */
export function heldAlerts(held: readonly HeldAlert[], timeline: RoomTimeline, now: number): HeldAlert[] {
  const newest = timeline.history.live?.events.slice(-eventsMax) ?? [];
  const found = newest.filter(isAlert).map((event) => heldAlert(timeline, event));
  const inSight = new Set(newest.map(({ id }) => id));
  const behind = held.filter(({ eventId }) => !inSight.has(eventId) && timeline.event(eventId)?.isRedacted !== true);
  return [...behind, ...found].filter(({ content }) => (alertOf(content)?.validUntil ?? 0) > now);
}

/** As a page shows them. */
export function roomAlerts(held: readonly HeldAlert[], bodies: MessageBodies): readonly RoomAlert[] {
  return held.flatMap(({ eventId, senderId, sentAt, content }) => {
    const alert = alertOf(content);
    const body = bodies.of(content, false);
    return alert && body.kind === 'image' ? [{ eventId, senderId, sentAt, alert, body }] : [];
  });
}

/** What came in the clear is nobody's alert, whoever is said to have sent it. */
function isAlert(event: TimelineEvent): boolean {
  return !event.isRedacted && event.clear !== null && Object.hasOwn(shownContent(event), alertKey);
}

function heldAlert(timeline: RoomTimeline, event: TimelineEvent): HeldAlert {
  const { id: eventId, senderId, sentAt } = event;
  return { eventId, senderId, sentAt, content: contentOf(timeline, event).content };
}
