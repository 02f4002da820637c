import { z } from 'zod';
import { roomAlerts } from '../alerts/held-alerts.ts';
import type { MessageBodies } from '../timeline/message-body.ts';
import type { Posting, RoomSnapshot } from '../protocol.ts';
import { notificationMode, type PushRules } from './notification-mode.ts';
import { isServiceAccount, originOf } from './origin.ts';
import { maySend } from './power-levels.ts';
import { stateContent, stateOf, type RoomRecord } from './room-record.ts';
import { childIdsOf } from './space-children.ts';

/** What a snapshot takes from beyond the room itself. */
export interface SnapshotContext {
  readonly userId: string;
  readonly bodies: MessageBodies;
  readonly pushRules: PushRules | null;
  readonly typingIds: readonly string[];
  /** People whose changed identity waits for a decision. */
  readonly changedIdentities: ReadonlySet<string>;
}

const retentionSchema = z.object({ max_lifetime: z.number().positive() });

export function snapshotOf(record: RoomRecord, context: SnapshotContext): RoomSnapshot {
  const origin = originOf(record);
  const isSpace = stateContent(record, 'm.room.create')['type'] === 'm.space';
  const counterpartId = origin?.class === 'direkt' ? counterpartOf(record, context.userId) : null;
  return {
    roomId: record.roomId,
    membership: record.membership === 'invite' ? 'invite' : 'join',
    inviterId:
      record.membership === 'invite' ? (stateOf(record, 'm.room.member', context.userId)?.senderId ?? null) : null,
    isSpace,
    name: textOf(record, 'm.room.name', 'name', 255) ?? '',
    topic: textOf(record, 'm.room.topic', 'topic', 1_000),
    origin,
    isEncrypted: stateOf(record, 'm.room.encryption') !== null,
    posting: postingOf(record, context, counterpartId),
    isLeavable: origin === null || origin.address.startsWith('conversation/'),
    counterpartId,
    peopleCount: peopleCountOf(record),
    lastActivityAt: record.lastActivityAt,
    preview: record.preview,
    unreadCount: record.unreadCount,
    isUnreadCountLowerBound: record.isUnreadCountLowerBound,
    mentionCount: record.mentionCount,
    isFavourite: record.isFavourite,
    notifications: notificationMode(context.pushRules, record.roomId),
    typingIds: context.typingIds.filter((id) => id !== context.userId),
    servers: serversOf(record),
    historyVisibility: textOf(record, 'm.room.history_visibility', 'history_visibility', 32) ?? 'shared',
    retentionMs: retentionSchema.safeParse(stateContent(record, 'm.room.retention')).data?.max_lifetime ?? null,
    childIds: isSpace ? childIdsOf(record) : [],
    alerts: roomAlerts(record.alerts, context.bodies),
  };
}

/** Unencrypted rooms are for reading only: this client never sends plain text. */
function postingOf(record: RoomRecord, context: SnapshotContext, counterpartId: string | null): Posting {
  if (stateOf(record, 'm.room.encryption') === null) return 'not-encrypted';
  if (!maySend(record, context.userId, 'm.room.encrypted')) return 'not-permitted';
  return counterpartId !== null && context.changedIdentities.has(counterpartId) ? 'identity-changed' : 'allowed';
}

/** The homeserver names the people of a room that has no name of its own. */
function counterpartOf(record: RoomRecord, userId: string): string | null {
  const candidates = [...record.heroes.map((hero) => hero.userId), ...Object.keys(record.names)];
  return candidates.find((id) => id !== userId && !isServiceAccount(id)) ?? null;
}

/** People in the room, without bots: the server counts all members, and we see few of them. */
function peopleCountOf(record: RoomRecord): number {
  const creator = stateOf(record, 'm.room.create')?.senderId;
  const services = creator !== undefined && isServiceAccount(creator) ? 1 : 0;
  return Math.max(0, record.joinedCount - services);
}

function textOf(record: RoomRecord, type: string, key: string, lengthMax: number): string | null {
  const text = stateContent(record, type)[key];
  return typeof text === 'string' && text !== '' ? text.slice(0, lengthMax) : null;
}

function serversOf(record: RoomRecord): readonly string[] | null {
  const { allow } = stateContent(record, 'm.room.server_acl');
  return Array.isArray(allow) ? allow.filter((server) => typeof server === 'string') : null;
}
