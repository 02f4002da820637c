import { EventStatus, type MatrixEvent, type Room } from 'matrix-js-sdk/lib/matrix.js';
import { isPassing } from './failures.ts';
import { bodyOf } from './message-body.ts';
import type { SendingState, TimelineItem } from './protocol.ts';

export function itemOf(room: Room, event: MatrixEvent): TimelineItem {
  const senderId = event.getSender() ?? '';
  return {
    id: itemIdOf(event),
    eventId: event.getId() ?? '',
    senderId,
    senderName: room.getMember(senderId)?.rawDisplayName ?? senderId,
    sentAt: event.getTs(),
    isOwn: senderId === room.myUserId,
    ...bodyOf(room, event),
    isUnprotected: isUnprotected(room, event),
    sending: sendingState(event),
  };
}

/** Own messages keep the id of their transaction, so their line on the screen survives the server's answer. */
export function itemIdOf(event: MatrixEvent): string {
  return event.getTxnId() ?? event.getUnsigned().transaction_id ?? event.getId() ?? '';
}

function isUnprotected(room: Room, event: MatrixEvent): boolean {
  const isSentByUs = event.status !== null;
  return room.hasEncryptionStateEvent() && !event.isEncrypted() && !event.isRedacted() && !isSentByUs;
}

function sendingState(event: MatrixEvent): SendingState {
  if (event.status === null || event.status === EventStatus.SENT) return 'sent';
  if (event.status === EventStatus.NOT_SENT && !isPassing(event.error)) return 'failed';
  return 'waiting';
}
