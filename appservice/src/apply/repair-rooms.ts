/**
 * Looks at single rooms soon after something happened in them and puts right what weakens their protection, beside the
 * runs: a plan that takes minutes must not hold up the repair of a room that somebody opened.
 */
import type { RoomId } from '#contract/ids.ts';
import { orderChanges, stagesOf } from '../reconciler/order.ts';
import { divideByServer } from '../reconciler/restrict-plan.ts';
import type { Change, Invite } from '../reconciler/change.ts';
import { applyPlan } from './apply-plan.ts';
import { recordDrift } from './drift-records.ts';
import { readInventory, type Inventory } from './inventory.ts';
import { closeAbandonedRuns, openJournal } from './journal.ts';
import { observeThese, type OwnRoom } from './observe.ts';
import { createRunLedger, endStateOf, logOutcome, type RunnerOptions } from './plan-runner.ts';
import { findDrifts, type RepairOrder } from './room-drifts.ts';
import type { WorldOptions } from './world.ts';

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
  const drifts = await findDrifts(rooms, inventory, order, options);
  const addresses = new Set(rooms.map(({ address }) => address));
  await recordDrift({ differences: drifts.flatMap(({ reports }) => reports), addresses }, options);
  return repair(
    drifts.flatMap(({ repairs }) => repairs),
    rooms,
    order,
    options,
  );
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
