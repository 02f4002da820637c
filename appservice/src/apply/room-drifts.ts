/** What in single rooms is not as it should be. */
import { conversationOf } from '#appservice/conversations/conversation-records.ts';
import { readRemovals } from '#appservice/moderation/removals.ts';
import type { UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { computeAgreementRoom } from '../reconciler/agreed-rooms.ts';
import { peopleWithout, roomWithout } from '../reconciler/closed-accounts.ts';
import { computeConversationRoom } from '../reconciler/conversation-room.ts';
import type { DesiredRoom } from '../reconciler/desired-room.ts';
import type { DesiredState } from '../reconciler/desired-state.ts';
import { computeRoomDrift, type RepairContext, type RoomDrift } from '../reconciler/repairs.ts';
import type { Inventory } from './inventory.ts';
import type { OwnRoom } from './observe.ts';
import type { WorldOptions } from './world.ts';

export interface RepairOrder {
  readonly revision: number;
  readonly organisation: Organisation;
  /** What the organisation wants, without conversations. */
  readonly desired: DesiredState;
  /** Whether the revision was carried out to its end. */
  readonly isSettled: boolean;
}

/** Something happens all the time. Only where somebody is missing it is asked whether their account was closed meanwhile. */
export async function findDrifts(
  rooms: readonly OwnRoom[],
  inventory: Inventory,
  order: RepairOrder,
  options: WorldOptions,
): Promise<readonly RoomDrift[]> {
  const wanted = await desiredOf(rooms, inventory, order, options);
  const removals = await readRemovals(options.store.db);
  const driftsWithout = (closed: ReadonlySet<UserId>): readonly RoomDrift[] => {
    const everybody = peopleWithout(order.desired.everybody, closed);
    const context = { ...repairContextOf(inventory, order, options), everybody, removals };
    return rooms.flatMap((room) => {
      const desired = wanted.get(room.address);
      return desired === undefined ? [] : [computeRoomDrift(roomWithout(desired, closed), room, context)];
    });
  };
  const { closedAccounts } = options;
  const seen = driftsWithout(closedAccounts.known());
  return seen.some(bringsSomebody) ? driftsWithout(await closedAccounts.read()) : seen;
}

function bringsSomebody({ repairs: those }: RoomDrift): boolean {
  return those.some(({ kind }) => kind === 'Invite' || kind === 'Join');
}

function repairContextOf(
  inventory: Inventory,
  { desired, isSettled }: RepairOrder,
  { serverName, bot }: WorldOptions,
): Omit<RepairContext, 'everybody' | 'removals'> {
  return {
    serverName,
    bot,
    isSettled,
    desiredAddresses: new Set(desired.rooms.map(({ address }) => address)),
    rooms: new Map([...inventory].map(([address, roomId]) => [address, { address, roomId }])),
  };
}

/** What these rooms should be, by address. A room that is not declared any more is nobody's to repair. */
async function desiredOf(
  rooms: readonly OwnRoom[],
  inventory: Inventory,
  { desired, organisation }: RepairOrder,
  { store, serverName, agreedRooms }: WorldOptions,
): Promise<Map<string, DesiredRoom>> {
  const addresses = rooms.map(({ address }) => address);
  if (addresses.length === 0) return new Map();
  const rows = await store.db.selectFrom('conversation').selectAll().where('address', 'in', addresses).execute();
  const conversations = rows.map((row) => computeConversationRoom(conversationOf(row), organisation, serverName));
  const agreed = agreedRooms(inventory).map((room) => computeAgreementRoom(room, organisation, serverName));
  return new Map([...desired.rooms, ...conversations, ...agreed].map((room) => [room.address, room]));
}
