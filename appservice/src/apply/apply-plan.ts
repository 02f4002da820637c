/**
 * Carries out a plan: stage by stage, many rooms side by side, the changes of one room in their order. A change that
 * fails holds up only what depends on it; the next run tries again, because it compares anew.
 */
import pLimit from 'p-limit';
import type { RoomId } from '#contract/ids.ts';
import type { Change } from '../reconciler/change.ts';
import { blocks, queueOf } from '../reconciler/order.ts';
import type { Plan } from '../reconciler/plan.ts';
import { applyChange, type ApplyChangeOptions } from './apply-change.ts';
import type { Inventory } from './inventory.ts';
import { joinersIn, joiningTogether } from './join-together.ts';
import type { ChangeLedger } from './ledger.ts';

/** Notes also what is left out because something else failed. */
export interface RunLedger extends ChangeLedger {
  skip(change: Change, because: Change): Promise<void>;
}

export interface ApplyOptions extends Omit<ApplyChangeOptions, 'ledger'> {
  readonly ledger: RunLedger;
  /** Aborted when somebody stops the run: what was begun is ended, and nothing else is begun. */
  readonly cancelled: AbortSignal;
  readonly concurrency: number;
  /** Called after each change, whatever its outcome. */
  readonly onOutcome: (outcome: Outcome) => void;
}

export type Outcome =
  | { readonly change: Change; readonly result: 'applied' }
  | { readonly change: Change; readonly result: 'failed'; readonly error: unknown }
  | { readonly change: Change; readonly result: 'skipped'; readonly because: Change };

export interface AppliedPlan {
  /** In the order in which they came; without the changes that a cancelled run did not begin. */
  readonly outcomes: readonly Outcome[];
  /** The rooms there were, and those that were created. */
  readonly rooms: Inventory;
}

/**
 * Carries out `plan` on the rooms of `inventory` and those it creates. Throws only if the database fails or the
 * process ends; then no change is begun any more.
 */
export async function applyPlan(
  plan: Pick<Plan, 'stages'>,
  inventory: Inventory,
  options: ApplyOptions,
): Promise<AppliedPlan> {
  const rooms = new Map(inventory);
  const outcomes: Outcome[] = [];
  const failed: Change[] = [];
  const limit = pLimit(options.concurrency);
  const everything = plan.stages.flatMap(({ changes }) => changes);
  const homeserver = joiningTogether(options.homeserver, joinersIn(everything, rooms));

  async function applyOne(change: Change): Promise<void> {
    const outcome = await outcomeOf(change, failed, rooms, { ...options, homeserver });
    if (outcome.result !== 'applied') failed.push(change);
    outcomes.push(outcome);
    options.onOutcome(outcome);
  }

  for (const { changes } of plan.stages) {
    const queues = Map.groupBy(changes, queueOf);
    await allEnded(
      [...queues.values()].map((queue) =>
        limit(async () => {
          for (const change of queue) if (!options.cancelled.aborted) await applyOne(change);
        }),
      ),
    );
  }
  return { outcomes, rooms };
}

/** Waits for all of `works`, also if one of them failed: what still writes must not outlive the run. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

async function outcomeOf(
  change: Change,
  failed: readonly Change[],
  rooms: Map<string, RoomId>,
  options: ApplyOptions,
): Promise<Outcome> {
  const because = failed.find((earlier) => blocks(earlier, change));
  if (because !== undefined) {
    await options.ledger.skip(change, because);
    return { change, result: 'skipped', because };
  }
  const attempt = await applyChange(change, rooms, options);
  if ('error' in attempt) return { change, result: 'failed', error: attempt.error };
  if (attempt.created !== null) rooms.set(change.address, attempt.created);
  return { change, result: 'applied' };
}
