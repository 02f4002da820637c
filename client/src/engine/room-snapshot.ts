import type { MatrixEvent, Room } from 'matrix-js-sdk/lib/matrix.js';
import { NotificationCountType } from 'matrix-js-sdk/lib/models/room.js';
import { bodyOf, isMessage } from './message-body.ts';
import { isServiceAccount, originOf } from './origin.ts';
import type { Posting, Preview, RoomSnapshot } from './protocol.ts';
import { childIdsOf } from './space-children.ts';

export function snapshotOf(room: Room): RoomSnapshot {
  const origin = originOf(room);
  const last = lastMessage(room);
  return {
    roomId: room.roomId,
    isSpace: room.isSpaceRoom(),
    name: declaredName(room),
    topic: topicOf(room),
    origin,
    isEncrypted: room.hasEncryptionStateEvent(),
    posting: postingOf(room),
    counterpartId: origin?.class === 'direkt' ? counterpartOf(room) : null,
    peopleCount: peopleCountOf(room),
    lastActivityAt: last?.getTs() ?? 0,
    preview: last ? previewOf(room, last) : null,
    unreadCount: room.getUnreadNotificationCount(NotificationCountType.Total),
    mentionCount: room.getUnreadNotificationCount(NotificationCountType.Highlight),
    childIds: room.isSpaceRoom() ? childIdsOf(room) : [],
  };
}

/** People in the room, without bots. Members are loaded lazily, so the server's count leads. */
function peopleCountOf(room: Room): number {
  const known = room.getJoinedMembers();
  const services = known.filter((member) => isServiceAccount(member.userId)).length;
  const creator = room.getCreator();
  const hiddenBot = services === 0 && creator !== null && isServiceAccount(creator) ? 1 : 0;
  return Math.max(0, room.getJoinedMemberCount() - services - hiddenBot);
}

function declaredName(room: Room): string {
  const name: unknown = room.currentState.getStateEvents('m.room.name', '')?.getContent()['name'];
  return typeof name === 'string' ? name.slice(0, 255) : '';
}

function topicOf(room: Room): string | null {
  const topic: unknown = room.currentState.getStateEvents('m.room.topic', '')?.getContent()['topic'];
  return typeof topic === 'string' && topic !== '' ? topic.slice(0, 1000) : null;
}

/** Unencrypted rooms are for reading only: this client never sends plain text. */
function postingOf(room: Room): Posting {
  if (!room.hasEncryptionStateEvent()) return 'not-encrypted';
  return room.currentState.maySendEvent('m.room.encrypted', room.myUserId) ? 'allowed' : 'not-permitted';
}

function counterpartOf(room: Room): string | null {
  const others = room
    .getMembers()
    .filter((member) => member.userId !== room.myUserId && !isServiceAccount(member.userId));
  const present = others.find((member) => member.membership === 'join' || member.membership === 'invite');
  return (present ?? others[0])?.userId ?? null;
}

function lastMessage(room: Room): MatrixEvent | undefined {
  const events = [...room.getLiveTimeline().getEvents(), ...room.getPendingEvents()];
  return events.findLast(isMessage);
}

function previewOf(room: Room, event: MatrixEvent): Preview {
  const { body } = bodyOf(room, event);
  const senderId = event.getSender() ?? '';
  const text = body.kind === 'text' ? body.text : body.kind === 'attachment' ? body.name : '';
  return { kind: body.kind, text: text.slice(0, 200), senderId, isOwn: senderId === room.myUserId };
}
