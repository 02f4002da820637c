/**
 * Removes messages and people for moderators: the power profile gives no person the power to, so that no stolen account
 * has it. The bot does it in their name, with their reason. That somebody wanted it stands in the audit trail before it
 * is done: no act without its row.
 */
import type { Kysely } from 'kysely';
import type { EventId, RoomId, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { AuditAction } from '#appservice/audit/actions.ts';
import { HomeserverError, type RoomModerator } from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';
import { authorityOf } from '../authority/authority.ts';
import { placeOfRoom } from './place-of-room.ts';

export type ModerationRefusal = 'moderation.refused' | 'person.unknown' | 'room.unknown' | 'scope.exceeded';

/** What a moderator wants, and why. */
export type ModerationAct =
  | { readonly kind: 'remove-message'; readonly eventId: EventId; readonly reason: string }
  | { readonly kind: 'readmit-person' | 'remove-person'; readonly userId: UserId; readonly reason: string };

export interface Moderation {
  /** null: done. Throws HomeserverError if the homeserver does not answer. What failed stands in the audit trail, too. */
  act(roomId: RoomId, act: ModerationAct, moderator: UserId): Promise<ModerationRefusal | null>;
}

export interface ModerationOptions {
  readonly homeserver: RoomModerator;
  readonly store: Pick<Store, 'db' | 'transaction'>;
  /** The declaration in force at this moment. */
  readonly organisation: () => Organisation;
  /** Whether this person is declared: the bot is not. */
  readonly isDeclared: (userId: UserId) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const actions: Readonly<Record<ModerationAct['kind'], AuditAction>> = {
  'remove-message': 'moderation.message-removed',
  'remove-person': 'moderation.person-removed',
  'readmit-person': 'moderation.person-readmitted',
};

export function createModeration(options: ModerationOptions): Moderation {
  const { homeserver, store, organisation, isDeclared, now } = options;

  async function refusalOf(roomId: RoomId, act: ModerationAct, moderator: UserId): Promise<ModerationRefusal | null> {
    const address = await addressOf(store.db, roomId);
    const place = address === null ? null : placeOfRoom(address, organisation());
    if (place === null) return 'room.unknown';
    if (!authorityOf(organisation()).covers(moderator, 'moderator', [place])) return 'scope.exceeded';
    return unfit(roomId, act);
  }

  /** Who could redact state could take a room's server ACL away. */
  async function unfit(roomId: RoomId, act: ModerationAct): Promise<ModerationRefusal | null> {
    if ('userId' in act) return isDeclared(act.userId) ? null : 'person.unknown';
    return (await homeserver.isMessage(roomId, act.eventId)) ? null : 'moderation.refused';
  }

  async function record(action: AuditAction, roomId: RoomId, act: ModerationAct, actor: UserId): Promise<void> {
    const entry = { at: now(), actor, action, subject: roomId, detail: { ...act } };
    await store.transaction((transaction) => appendAudit(transaction, entry));
  }

  return {
    async act(roomId, act, moderator) {
      const refusal = await refusalOf(roomId, act, moderator);
      if (refusal !== null) return refusal;
      await record(actions[act.kind], roomId, act, moderator);
      try {
        await carryOut(homeserver, roomId, act);
      } catch (error) {
        await record('moderation.failed', roomId, act, moderator);
        if (isRefusal(error)) return 'moderation.refused';
        throw error;
      }
      return null;
    },
  };
}

function carryOut(homeserver: RoomModerator, roomId: RoomId, act: ModerationAct): Promise<void> {
  switch (act.kind) {
    case 'remove-message':
      return homeserver.redact(roomId, act.eventId, act.reason);
    case 'remove-person':
      return homeserver.ban(roomId, act.userId, act.reason);
    default:
      return homeserver.unban(roomId, act.userId, act.reason);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof HomeserverError && error.status >= 400 && error.status < 500 && error.status !== 429;
}

async function addressOf(database: Kysely<Database>, roomId: RoomId): Promise<string | null> {
  const row = await database.selectFrom('room').select('address').where('room_id', '=', roomId).executeTakeFirst();
  return row?.address ?? null;
}
