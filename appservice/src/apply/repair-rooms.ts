/**
 * Looks at single rooms soon after something happened in them and puts right what weakens their protection, beside the
 * runs: a plan that takes minutes must not hold up the repair of a room that somebody opened.
 */
import { conversationOf } from '#appservice/conversations/conversation-records.ts';
import { readRemovals } from '#appservice/moderation/removals.ts';
import type { RoomId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { computeAgreementRoom } from '../reconciler/agreed-rooms.ts';
import { computeConversationRoom } from '../reconciler/conversation-room.ts';
import { peopleWithout, roomWithout } from '../reconciler/closed-accounts.ts';
import type { DesiredRoom } from '../reconciler/desired-room.ts';
import type { DesiredState } from '../reconciler/desired-state.ts';
import { orderChanges, stagesOf } from '../reconciler/order.ts';
import { divideByServer } from '../reconciler/restrict-plan.ts';
import { computeRoomDrift, type RepairContext } from '../reconciler/repairs.ts';
import type { Change, Invite } from '../reconciler/change.ts';
import { applyPlan } from './apply-plan.ts';
import { recordDrift } from './drift-records.ts';
import { readInventory, type Inventory } from './inventory.ts';
import { closeAbandonedRuns, openJournal } from './journal.ts';
import { observeThese, type OwnRoom } from './observe.ts';
import { createRunLedger, endStateOf, logOutcome, type RunnerOptions } from './plan-runner.ts';
import type { WorldOptions } from './world.ts';

export interface RepairOrder {
  readonly revision: number;
  readonly organisation: Organisation;
  /** What the organisation wants, without conversations. */
  readonly desired: DesiredState;
  /** Whether the revision was carried out to its end. */
  readonly isSettled: boolean;
}

export interface RepairResult {
  /** Rooms in which something could not be put right. */
  readonly undone: ReadonlySet<RoomId>;
  /** Invitations of other homeservers' people. */
  readonly elsewhere: readonly Invite[];
}

/** Throws if the homeserver cannot be read, the database fails or the process ends. */
export async function repairRooms(
  roomIds: ReadonlySet<RoomId>,
  order: RepairOrder,
  options: RunnerOptions & WorldOptions,
): Promise<RepairResult> {
  await closeAbandonedRuns(options);
  const inventory = await readInventory(options.store.db);
  const rooms = await readKnownRooms(roomIds, inventory, order, options);
  const wanted = await desiredOf(rooms, inventory, order, options);
  const closed = await options.closedAccounts.read();
  const context = {
    ...repairContextOf(inventory, order, options),
    everybody: peopleWithout(order.desired.everybody, closed),
    removals: await readRemovals(options.store.db),
  };
  const drifts = rooms.flatMap((room) => {
    const desired = wanted.get(room.address);
    return desired === undefined ? [] : [computeRoomDrift(roomWithout(desired, closed), room, context)];
  });
  const addresses = new Set(rooms.map(({ address }) => address));
  await recordDrift({ differences: drifts.flatMap(({ reports }) => reports), addresses }, options);
  return repair(
    drifts.flatMap(({ repairs }) => repairs),
    rooms,
    order,
    options,
  );
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

async function readKnownRooms(
  roomIds: ReadonlySet<RoomId>,
  inventory: Inventory,
  { organisation }: RepairOrder,
  options: WorldOptions,
): Promise<OwnRoom[]> {
  const known = new Set(inventory.values());
  const those = [...roomIds].filter((roomId) => known.has(roomId));
  const rooms = await observeThese({ ...options, domain: organisation.domain.id }, those);
  return rooms.filter(({ address }) => !options.isBusy(address));
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

async function repair(
  repairs: readonly Change[],
  rooms: readonly OwnRoom[],
  { revision }: RepairOrder,
  options: RunnerOptions,
): Promise<RepairResult> {
  const changes = orderChanges(repairs, () => 0);
  const { local, elsewhere } = divideByServer({ changes, stages: stagesOf(changes, () => 0) }, options.serverName);
  if (local.changes.length === 0) return { undone: new Set(), elsewhere };
  const inventory = new Map(rooms.map(({ address, roomId }) => [address, roomId]));
  const journal = await openJournal({ revision, purpose: 'drift', changes: local.changes }, options);
  const done = await applyPlan(local, inventory, {
    ...options,
    ledger: createRunLedger(journal, 'drift.repaired', options),
    cancelled: neverCancelled,
    onOutcome: (outcome) => logOutcome(options.logger, outcome),
  }).catch(async (error: unknown) => {
    // The cause counts, also if the database that caused it cannot note it yet.
    await journal.close('interrupted').catch(() => undefined);
    throw error;
  });
  await journal.close(endStateOf(done, local.changes));
  const failed = done.outcomes.filter(({ result }) => result !== 'applied');
  return { undone: new Set(failed.flatMap(({ change }) => inventory.get(change.address) ?? [])), elsewhere };
}

const neverCancelled = new AbortController().signal;
