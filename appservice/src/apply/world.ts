/**
 * What should be and what is, read at one moment, with the inventory brought up to date on the way: a room that the bot
 * created and that was never noted is adopted.
 */
import { appendAudit } from '#appservice/audit/append-audit.ts';
import { conversationOf } from '#appservice/conversations/conversation-records.ts';
import { readRemovals } from '#appservice/moderation/removals.ts';
import type { ServerName, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { withoutClosed } from '../reconciler/closed-accounts.ts';
import { computeDesiredState, type DesiredState } from '../reconciler/desired-state.ts';
import type { GateLimits } from '../reconciler/gates.ts';
import type { ObservedState } from '../reconciler/observed-state.ts';
import type { AgreedRoom } from '../reconciler/agreed-rooms.ts';
import { withAgreements } from '../reconciler/with-agreements.ts';
import { withConversations } from '../reconciler/with-conversations.ts';
import type { ClosedAccounts } from './closed-accounts.ts';
import { readInventory, recordRoom, type Inventory } from './inventory.ts';
import { completeObservation, observeRooms, type ObserveOptions, type OwnRoom } from './observe.ts';

export interface WorldOptions extends Omit<ObserveOptions, 'domain'> {
  readonly store: Store;
  readonly serverName: ServerName;
  /** What plans may not go beyond; the usual unless given. */
  readonly gates?: GateLimits;
  readonly closedAccounts: ClosedAccounts;
  /** Whether somebody else is making the room of this address right now. */
  readonly isBusy: (address: string) => boolean;
  /** The rooms of agreements with other trust domains, as they should be at this moment. */
  readonly agreedRooms: (inventory: Inventory) => readonly AgreedRoom[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface World {
  readonly inventory: Inventory;
  readonly rooms: readonly OwnRoom[];
  /** Whose account was closed. */
  readonly closed: ReadonlySet<UserId>;
}

/** Reads every room. */
export async function readWorld(organisation: Organisation, options: WorldOptions): Promise<World> {
  const inventory = await readInventory(options.store.db);
  const rooms = await observeRooms({ ...options, domain: organisation.domain.id }, inventory);
  const free = rooms.filter(({ address }) => !options.isBusy(address));
  await adoptRooms(free, inventory, options);
  return {
    rooms: free,
    inventory: new Map(free.map(({ address, roomId }) => [address, roomId])),
    closed: await options.closedAccounts.read(),
  };
}

/** What `organisation`, the conversations that have a room, and agreements want on this homeserver. */
export async function readDesired(
  organisation: Organisation,
  world: World,
  { store, serverName, agreedRooms }: Pick<WorldOptions, 'agreedRooms' | 'serverName' | 'store'>,
): Promise<DesiredState> {
  const rows = await store.db.selectFrom('conversation').selectAll().execute();
  const conversations = rows.filter(({ address }) => world.inventory.has(address)).map(conversationOf);
  const declared = withConversations(computeDesiredState(organisation, serverName), conversations, organisation);
  const desired = withAgreements(declared, agreedRooms(world.inventory), organisation);
  return { ...withoutClosed(desired, world.closed), removals: await readRemovals(store.db) };
}

export async function observedOf(
  world: World,
  desired: DesiredState,
  options: Pick<WorldOptions, 'homeserver' | 'concurrency' | 'bot'>,
): Promise<ObservedState> {
  return completeObservation(options, world.rooms, desired.accounts);
}

async function adoptRooms(
  rooms: readonly OwnRoom[],
  inventory: Inventory,
  { store, bot, now }: { readonly store: Store; readonly bot: UserId; readonly now: () => number },
): Promise<void> {
  for (const { address, roomId, origin } of rooms.filter((room) => inventory.get(room.address) !== room.roomId)) {
    await store.transaction(async (transaction) => {
      const at = now();
      await recordRoom(transaction, { address, roomId, class: origin.class, at });
      await appendAudit(transaction, { at, actor: bot, action: 'room.adopted', subject: address, detail: { roomId } });
    });
  }
}
