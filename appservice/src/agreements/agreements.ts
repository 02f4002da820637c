/** Agreements with other trust domains, put together: the acts of people, the exchange with partners, and what the wall asks. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { botOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { readInventory, type Inventory } from '#appservice/apply/inventory.ts';
import { createRetryingTask } from '#appservice/apply/retrying-task.ts';
import type { Homeserver } from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { AgreedDoor } from '#appservice/wall/wall.ts';
import { partnersOf } from '../reconciler/agreed-rooms.ts';
import { mayInvite, mayJoin, type AgreedContext } from './access.ts';
import type { AgreementBook } from './agreement-book.ts';
import { createAgreementDesk, type AgreementDesk } from './agreement-desk.ts';
import { createClosingTime } from './closing-time.ts';
import { createExchange } from './exchange.ts';
import type { LiaisonBook } from './liaison.ts';
import { followAgreements } from './follow.ts';

export interface AgreementsOptions {
  readonly book: AgreementBook;
  readonly liaisons: LiaisonBook;
  readonly homeserver: Homeserver;
  readonly serverName: ServerName;
  readonly store: Store;
  /** The declaration in force at this moment. */
  readonly organisation: () => Organisation;
  readonly isDeclared: (person: UserId) => boolean;
  /** Rooms that this side leads have to be looked at: this one, or all. */
  readonly onRoomDue: (roomId: RoomId | null) => void;
  readonly retryMsMax: number;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Agreements {
  readonly desk: AgreementDesk;
  readonly door: AgreedDoor;
  /** An invitation has passed the wall. */
  invited(inviter: UserId, invitee: UserId, room: RoomId): Promise<void>;
  /** Something may have happened: somebody acted, a statement came, an invitation, a look at the rooms has ended. */
  due(): void;
  /** Begins no more and waits for what is under way. */
  stop(): Promise<void>;
}

export function createAgreements(options: AgreementsOptions): Agreements {
  const { book, liaisons, serverName, organisation, store, now } = options;
  const inventory = (): Promise<Inventory> => readInventory(store.db);
  const exchange = createExchange({ ...options, inventory });
  const closingTime = createClosingTime(book, now, () => task.due());
  const task = createRetryingTask({
    async work() {
      const heard = await exchange.hear();
      const isFollowed = await follow();
      closingTime.set();
      // Only now: what was followed may have to be said.
      return (await exchange.say(heard)) && isFollowed;
    },
    failureMessage: 'agreements could not be exchanged; trying again soon',
    retryMsMax: options.retryMsMax,
    logger: options.logger,
  });

  /** What cannot be followed just now keeps nothing from being said, an end least of all. */
  function follow(): Promise<boolean> {
    return followAgreements({ ...options, inventory }).catch((error: unknown) => {
      options.logger.warn({ err: error }, 'agreements could not be followed; trying again soon');
      return false;
    });
  }

  function context(): AgreedContext {
    const partners = partnersOf(organisation(), serverName);
    return { serverName, partners, agreements: book.all(), liaisons: liaisons.all(), now: now() };
  }

  return {
    desk: createAgreementDesk({ ...options, onChange: () => task.due() }),
    door: {
      async mayInvite(invitation) {
        const address = await addressOf(store.db, invitation.room);
        return mayInvite({ ...invitation, address }, context());
      },
      mayJoin: (user, room) => mayJoin(user, room, context()),
    },
    async invited(inviter, invitee, room) {
      const partner = partnersOf(organisation(), serverName).find(({ server }) => botOf(server) === inviter);
      if (partner !== undefined && invitee === botOf(serverName)) await liaisons.note(partner.domain, room);
      task.due();
    },
    due: () => task.due(),
    async stop() {
      closingTime.stop();
      await task.stop();
    },
  };
}

async function addressOf(database: Kysely<Database>, roomId: RoomId): Promise<string | null> {
  const row = await database.selectFrom('room').select('address').where('room_id', '=', roomId).executeTakeFirst();
  return row?.address ?? null;
}
