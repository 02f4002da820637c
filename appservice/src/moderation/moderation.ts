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
import {
  HomeserverError,
  type MessageReader,
  type MessageRemover,
  type RoomBanner,
  type RoomMemberReader,
} from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';
import { authorityOf } from '../authority/authority.ts';
import { placeOfRoom } from './place-of-room.ts';
import { forgetRemoval, noteRemoval } from './removals.ts';

export type ModerationRefusal = 'moderation.refused' | 'person.unknown' | 'room.unknown' | 'scope.exceeded';

/** What a moderator wants, and why. */
export type ModerationAct =
  | { readonly kind: 'remove-message'; readonly eventId: EventId; readonly reason: string }
  | { readonly kind: 'readmit-person' | 'remove-person'; readonly userId: UserId; readonly reason: string };

export interface Moderation {
  /** null: done. Throws HomeserverError if the homeserver does not answer. What failed stands in the audit trail, too. */
  act(roomId: RoomId, act: ModerationAct, moderator: UserId): Promise<ModerationRefusal | null>;
}

export type ModeratedHomeserver = MessageReader & MessageRemover & RoomBanner & RoomMemberReader;

export interface ModerationOptions {
  readonly homeserver: ModeratedHomeserver;
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

  async function refusalOf(
    { roomId, address }: ModeratedRoom,
    act: ModerationAct,
    moderator: UserId,
  ): Promise<ModerationRefusal | null> {
    const place = placeOfRoom(address, organisation());
    if (place === null) return 'room.unknown';
    if (!authorityOf(organisation()).covers(moderator, 'moderator', [place])) return 'scope.exceeded';
    return unfit(roomId, act);
  }

  /** Who could redact state could take a room's server ACL away. */
  async function unfit(roomId: RoomId, act: ModerationAct): Promise<ModerationRefusal | null> {
    if ('userId' in act) return isDeclared(act.userId) ? null : 'person.unknown';
    return (await homeserver.readMessage(roomId, act.eventId)) ? null : 'moderation.refused';
  }

  /** With it goes what repairs of the room go by: whether the person is to stay out. null: as before. */
  async function record(
    action: AuditAction,
    { roomId, address }: ModeratedRoom,
    act: ModerationAct,
    actor: UserId,
    isOut: boolean | null,
  ): Promise<void> {
    const entry = { at: now(), actor, action, subject: roomId, detail: { ...act } };
    await store.transaction(async (transaction) => {
      if ('userId' in act && isOut !== null) {
        await (isOut ? noteRemoval : forgetRemoval)(transaction, { address, userId: act.userId });
      }
      await appendAudit(transaction, entry);
    });
  }

  return {
    async act(roomId, act, moderator) {
      const address = await addressOf(store.db, roomId);
      if (address === null) return 'room.unknown';
      const room = { roomId, address };
      const refusal = await refusalOf(room, act, moderator);
      if (refusal !== null) return refusal;
      const isRemoval = act.kind === 'remove-person';
      await record(actions[act.kind], room, act, moderator, isRemoval);
      try {
        await carryOut(homeserver, roomId, act);
      } catch (error) {
        // Without an answer it stays wanted, and the next look at the room does it.
        await record('moderation.failed', room, act, moderator, isRefusal(error) ? !isRemoval : null);
        if (isRefusal(error)) return 'moderation.refused';
        throw error;
      }
      return null;
    },
  };
}

interface ModeratedRoom {
  readonly roomId: RoomId;
  readonly address: string;
}

async function carryOut(homeserver: ModeratedHomeserver, roomId: RoomId, act: ModerationAct): Promise<void> {
  if (act.kind === 'remove-message') return homeserver.redact(roomId, act.eventId, act.reason);
  const isRemoval = act.kind === 'remove-person';
  try {
    await (isRemoval ? homeserver.ban : homeserver.unban)(roomId, act.userId, act.reason);
  } catch (error) {
    // A repair may have come first, because the row with the act stands before it is done.
    const isBanned = isRefusal(error) && (await homeserver.readMembership(roomId, act.userId)) === 'ban';
    if (!isRefusal(error) || isBanned !== isRemoval) throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof HomeserverError && error.status >= 400 && error.status < 500 && error.status !== 429;
}

async function addressOf(database: Kysely<Database>, roomId: RoomId): Promise<string | null> {
  const row = await database.selectFrom('room').select('address').where('room_id', '=', roomId).executeTakeFirst();
  return row?.address ?? null;
}
