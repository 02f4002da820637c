/** Preview, activity and unread counts of a room from the newest part of its timeline. */
import { heldAlerts } from '../alerts/held-alerts.ts';
import type { Preview } from '../protocol.ts';
import { contentOf, mentions } from '../timeline/fold.ts';
import { answeredId, bodyWords, type MessageBodies } from '../timeline/message-body.ts';
import type { RoomTimeline } from '../timeline/room-timeline.ts';
import { isEncrypted, isMessage, shownContent, type TimelineEvent } from '../timeline/timeline-event.ts';
import { notificationMode, type PushRules } from './notification-mode.ts';
import type { RoomRecord } from './room-record.ts';

export interface SummaryContext {
  readonly userId: string;
  readonly bodies: MessageBodies;
  readonly pushRules: PushRules | null;
}

const previewLength = 200;

export function summarise(record: RoomRecord, timeline: RoomTimeline, context: SummaryContext): RoomRecord {
  const { live } = timeline.history;
  if (!live) return record;
  const last = live.events.findLast(isMessage);
  return {
    ...record,
    newestEventId: live.events.at(-1)?.id ?? record.newestEventId,
    lastActivityAt: last?.sentAt ?? record.lastActivityAt,
    preview: last ? previewOf(last, timeline, context) : record.preview,
    alerts: heldAlerts(record.alerts, timeline, Date.now()),
    ...unread(record, live.events, live.olderToken === null, context),
  };
}

/** Messages of others after what was read: up to the own receipt, or anything that the person did later. */
export function unreadMessages(
  record: Pick<RoomRecord, 'receipt'>,
  events: readonly TimelineEvent[],
  userId: string,
): { readonly messages: readonly TimelineEvent[]; readonly isComplete: boolean } {
  const { receipt } = record;
  const isHeld = events.some(({ id }) => id === receipt?.eventId);
  const read = events.findLastIndex(({ id, senderId, sentAt }) => {
    if (senderId === userId) return true;
    // Where the event of the receipt is not held, its time has to do.
    return isHeld ? id === receipt?.eventId : receipt !== null && sentAt <= receipt.at;
  });
  const messages = events.slice(read + 1).filter((event) => isMessage(event) && !event.isRedacted);
  return { messages, isComplete: read >= 0 };
}

/** Whether a message of somebody else notifies. What is not decrypted yet may be a mention, but is not taken for one. */
export function notifies(event: TimelineEvent, roomId: string, context: SummaryContext): boolean {
  const mode = notificationMode(context.pushRules, roomId);
  const content = shownContent(event);
  if (mode === 'none' || content['msgtype'] === 'm.notice') return false;
  return mode === 'all' || mentions(content, context.userId);
}

function unread(record: RoomRecord, events: readonly TimelineEvent[], isWhole: boolean, context: SummaryContext) {
  const { messages, isComplete } = unreadMessages(record, events, context.userId);
  const notifying = messages.filter((event) => notifies(event, record.roomId, context));
  return {
    unreadCount: notifying.length,
    isUnreadCountLowerBound: notifying.length > 0 && !isComplete && !isWhole,
    mentionCount: messages.filter((event) => mentions(shownContent(event), context.userId)).length,
  };
}

function previewOf(event: TimelineEvent, timeline: RoomTimeline, { userId, bodies }: SummaryContext): Preview {
  const common = { senderId: event.senderId, isOwn: event.senderId === userId };
  if (event.isRedacted) return { kind: 'deleted', text: '', ...common };
  if (isEncrypted(event) && event.clear === null) {
    return { kind: timeline.unreadable(event.id) === null ? 'pending' : 'unreadable', text: '', ...common };
  }
  const body = bodies.of(contentOf(timeline, event).content, answeredId(event.content) !== null);
  return { kind: body.kind, text: bodyWords(body, previewLength), ...common };
}
