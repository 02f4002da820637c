/** Events → items of the screen: edits, reactions, deletions and what is still on its way folded in. */
import { alertOf } from '../alerts/alert-content.ts';
import type { MessageBody, Quote, Reaction, Shield, TimelineItem, UnreadableReason } from '../protocol.ts';
import type { PendingMessage } from '../sending/pending-message.ts';
import { isRecord } from '../matrix/is-record.ts';
import { latestTrustedEdit } from './edits.ts';
import { answeredId, bodyWords, type MessageBodies } from './message-body.ts';
import { newContent, type Relations } from './relations.ts';
import {
  isEncrypted,
  isMessage,
  redactionTarget,
  relationOf,
  shownContent,
  shownType,
  type TimelineEvent,
} from './timeline-event.ts';

type Content = Readonly<Record<string, unknown>>;

export interface FoldingContext {
  readonly userId: string;
  readonly isEncryptedRoom: boolean;
  readonly mayPost: boolean;
  readonly mayDeleteOthers: boolean;
  readonly bodies: MessageBodies;
  readonly relations: Relations;
  readonly pending: readonly PendingMessage[];
  nameOf(userId: string): string;
  /** A held event, or one that was fetched to be quoted. */
  event(eventId: string): TimelineEvent | null;
  unreadable(eventId: string): UnreadableReason | null;
}

const quoteLength = 200;
const keyLength = 64;

/** Items of these events, in their order; those without a place of their own are left out. */
export function itemsOf(context: FoldingContext, events: readonly TimelineEvent[]): readonly TimelineItem[] {
  return events.filter(isMessage).map((event) => itemOf(context, event));
}

/** Own messages that no event has replaced yet. */
export function pendingItems(context: FoldingContext): readonly TimelineItem[] {
  return context.pending
    .filter(({ type, content }) => type === 'm.room.message' && relationOf({ content })?.rel_type !== 'm.replace')
    .map((message) => pendingItem(context, message));
}

export function itemId(event: TimelineEvent): string {
  return event.transactionId ?? event.id;
}

/** The content to show: of the latest trusted edit, else its own. */
export function contentOf(
  context: Pick<FoldingContext, 'relations'>,
  event: TimelineEvent,
): { content: Content; isEdited: boolean } {
  const original = { senderId: event.senderId, isEncrypted: isEncrypted(event) };
  const candidates = context.relations.edits(event.id).map((edit) => ({
    content: newContent(edit),
    senderId: edit.senderId,
    sentAt: edit.sentAt,
    isEncrypted: isEncrypted(edit),
    isReadable: shownType(edit) === 'm.room.message' && newContent(edit) !== null,
    isRedacted: edit.isRedacted,
  }));
  const edited = latestTrustedEdit(original, candidates)?.content;
  return edited ? { content: edited, isEdited: true } : { content: shownContent(event), isEdited: false };
}

function itemOf(context: FoldingContext, event: TimelineEvent): TimelineItem {
  const own = contentOf(context, event);
  const edit = pendingEdit(context, event);
  const isAnswer = answeredId(event.content) !== null;
  const isDeleted = event.isRedacted || isBeingDeleted(context, event.id, itemId(event));
  const body = isDeleted ? ({ kind: 'deleted' } as const) : bodyOf(context, event, edit ?? own.content, isAnswer);
  const isOwn = event.senderId === context.userId;
  return {
    ...common(context, body, isDeleted ? {} : (edit ?? own.content), event.content),
    id: itemId(event),
    eventId: event.id,
    senderId: event.senderId,
    senderName: context.nameOf(event.senderId),
    sentAt: event.sentAt,
    isOwn,
    reactions: isDeleted ? [] : reactionsOf(context, event),
    isEdited: !isDeleted && (own.isEdited || edit !== null),
    shield: isDeleted ? null : shieldOf(context, event),
    sending: { state: 'sent' },
    canEdit: isOwn && context.mayPost && body.kind === 'text',
    canDelete: !isDeleted && (isOwn || context.mayDeleteOthers),
  };
}

function pendingItem(context: FoldingContext, message: PendingMessage): TimelineItem {
  const edit = newestEdit(context, [message.itemId]);
  const content = edit ?? message.content;
  const isDeleted = isBeingDeleted(context, message.eventId, message.itemId);
  const body = isDeleted ? ({ kind: 'deleted' } as const) : context.bodies.of(content, false);
  return {
    ...common(context, body, content, message.content),
    id: message.itemId,
    eventId: message.eventId ?? '',
    senderId: context.userId,
    senderName: context.nameOf(context.userId),
    sentAt: message.createdAt,
    isOwn: true,
    reactions: ownPendingReactions(context, [message.itemId]).map((key) => ({
      key,
      senderIds: [context.userId],
      isOwn: true,
    })),
    isEdited: edit !== null,
    shield: null,
    sending: message.sending,
    canEdit: message.sending.state === 'sent' && body.kind === 'text',
    canDelete: message.sending.state === 'sent' && !isDeleted,
  };
}

function common(context: FoldingContext, body: MessageBody, content: Content, wireContent: Content) {
  return {
    body,
    alert: body.kind === 'image' ? alertOf(content) : null,
    quote: body.kind === 'deleted' ? null : quoteOf(context, wireContent),
    mentionsMe: mentions(content, context.userId),
  };
}

function bodyOf(context: FoldingContext, event: TimelineEvent, content: Content, isAnswer: boolean): MessageBody {
  if (!isEncrypted(event) || event.clear !== null) return context.bodies.of(content, isAnswer);
  const reason = context.unreadable(event.id);
  return reason === null ? { kind: 'pending' } : { kind: 'unreadable', reason };
}

function shieldOf(context: FoldingContext, event: TimelineEvent): Shield | null {
  if (isEncrypted(event)) return event.clear?.shield ?? null;
  return context.isEncryptedRoom ? 'unprotected' : null;
}

export function mentions(content: Content, userId: string): boolean {
  const named = content['m.mentions'];
  if (typeof named !== 'object' || named === null) return false;
  const { user_ids: userIds, room } = named as { user_ids?: unknown; room?: unknown };
  return room === true || (Array.isArray(userIds) && userIds.includes(userId));
}

function quoteOf(context: FoldingContext, content: Content): Quote | null {
  const eventId = answeredId(content);
  if (eventId === null) return null;
  const event = context.event(eventId);
  if (!event) return pendingQuote(context, eventId);
  const isKnown = !event.isRedacted && !(isEncrypted(event) && event.clear === null);
  const body = isKnown
    ? context.bodies.of(contentOf(context, event).content, answeredId(event.content) !== null)
    : null;
  return { eventId, senderId: event.senderId, text: body && bodyWords(body, quoteLength) };
}

function pendingQuote(context: FoldingContext, id: string): Quote {
  const message = context.pending.find((pending) => pending.itemId === id || pending.eventId === id);
  if (!message) return { eventId: id, senderId: null, text: null };
  return {
    eventId: id,
    senderId: context.userId,
    text: bodyWords(context.bodies.of(message.content, false), quoteLength),
  };
}

/** Each person counts once for a key. */
function reactionsOf(context: FoldingContext, event: TimelineEvent): readonly Reaction[] {
  const senders = new Map<string, Set<string>>();
  const add = (key: string, senderId: string): void => {
    senders.set(key, (senders.get(key) ?? new Set()).add(senderId));
  };
  for (const reaction of context.relations.reactions(event.id)) {
    const key = relationOf(reaction)?.key;
    if (key && !isBeingDeleted(context, reaction.id, itemId(reaction))) add(key.slice(0, keyLength), reaction.senderId);
  }
  for (const key of ownPendingReactions(context, [event.id, itemId(event)])) add(key, context.userId);
  return [...senders].map(([key, ids]) => ({ key, senderIds: [...ids], isOwn: ids.has(context.userId) }));
}

function ownPendingReactions(context: FoldingContext, targets: readonly string[]): readonly string[] {
  return context.pending.flatMap((message) => {
    const relation = relationOf(message);
    const isReaction = message.type === 'm.reaction' && relation !== null && targets.includes(relation.event_id);
    const isWanted =
      isReaction && !isBeingDeleted(context, message.eventId, message.itemId) && message.sending.state !== 'failed';
    return isWanted && relation.key ? [relation.key] : [];
  });
}

function pendingEdit(context: FoldingContext, event: TimelineEvent): Content | null {
  return newestEdit(context, [event.id, itemId(event)]);
}

function newestEdit(context: FoldingContext, targets: readonly string[]): Content | null {
  const edit = context.pending.findLast((message) => {
    const relation = relationOf(message);
    return (
      relation?.rel_type === 'm.replace' && targets.includes(relation.event_id) && message.sending.state !== 'failed'
    );
  });
  const content = edit?.content['m.new_content'];
  return isRecord(content) ? content : null;
}

function isBeingDeleted(context: FoldingContext, eventId: string | null, id: string): boolean {
  return context.pending.some((message) => {
    const target = redactionTarget(message);
    return target !== null && (target === eventId || target === id) && message.sending.state !== 'failed';
  });
}
