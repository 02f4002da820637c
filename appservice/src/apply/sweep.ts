/** One look at everything, and what follows from it. */
import type { RunTable } from '#appservice/store/schema.ts';
import type { Change } from '../reconciler/change.ts';
import { findClosedAccounts } from '../reconciler/closed-accounts.ts';
import type { Plan } from '../reconciler/plan.ts';
import { isCosmetic } from '../reconciler/protection.ts';
import { keepChanges, withoutMassRemoval } from '../reconciler/restrict-plan.ts';
import { recordDrift } from './drift-records.ts';
import { closeAbandonedRuns } from './journal.ts';
import { planStateOf, recordPlan, recordProgressOf } from './plan-records.ts';
import type { RunResult } from './plan-runner.ts';
import { recordRefusedPlan } from './refused-plans.ts';
import { repair } from './repair.ts';
import { waitingRevision } from './revisions.ts';
import { doubtfulCreations, isCancelled } from './run-records.ts';
import type { Workshop } from './workshop.ts';
import type { World } from './world.ts';

/** Whether what has drifted at this address is put right also if it weakens nothing; otherwise that is only reported. */
export type Tidies = (address: string) => boolean;

/** Throws if the homeserver cannot be read, the database fails or the process ends. */
export async function sweep(workshop: Workshop, tidies: Tidies): Promise<RunResult> {
  const { metrics } = workshop.options;
  const noteSeconds = metrics.sweepSeconds.startTimer();
  await closeAbandonedRuns(workshop.options);
  const world = await workshop.observer.look(workshop.inForce.organisation);
  const isHeld = await isCancelled(workshop.options.store.db, workshop.inForce.number);
  const result = isHeld ? await guardOnly(workshop, world) : await carryOut(workshop, world, tidies);
  await recordWaiting(workshop, world);
  if (result.elsewhere > 0) workshop.options.onOutstanding();
  noteSeconds();
  metrics.sweepEnded.set(workshop.options.now() / 1_000);
  return result;
}

async function carryOut(workshop: Workshop, world: World, tidies: Tidies): Promise<RunResult> {
  const { options, observer, runner, inForce } = workshop;
  const whole = await observer.planFor(inForce.organisation, world, inForce.organisation);
  await recordIfRefused(workshop, whole, inForce.number);
  const purpose = await purposeOf(workshop, whole);
  const plan = purpose === 'drift' ? withoutMassRemoval(whole) : whole;
  const isReported = (change: Change): boolean => purpose === 'drift' && isCosmetic(change) && !tidies(change.address);
  const closed = findClosedAccounts(workshop.desiredOf(inForce.organisation).everybody, world.closed);
  await recordDrift({ differences: [...plan.changes.filter(isReported), ...closed] }, options);
  const doubtful = await doubtfulCreations(options.store.db, options.now());
  const isHeldBack = ({ address }: Change): boolean => doubtful.has(address) && !world.inventory.has(address);
  const wanted = keepChanges(plan, (change) => !isReported(change) && !isHeldBack(change));
  const order = { revision: inForce.number, purpose };
  const done = await runner.carryOut({ ...plan, ...wanted }, world.inventory, order);
  const result = { ...done, failed: done.failed + plan.changes.filter(isHeldBack).length };
  await recordProgress(workshop, result);
  return result;
}

/** Until the revision was carried out once to its end, whatever differs is a part of that. */
async function purposeOf({ options, inForce }: Workshop, plan: Plan): Promise<RunTable['purpose']> {
  const { db } = options.store;
  const state = await planStateOf(db, inForce.number);
  if (state === null)
    await recordPlan(options.store, plan, { revision: inForce.number, state: 'applying', at: options.now() });
  return state === 'applied' ? 'drift' : 'revision';
}

/** Somebody cancelled what carries the revision out: the rooms that stand stay protected, and nothing else happens. */
async function guardOnly(workshop: Workshop, world: World): Promise<RunResult> {
  const undone = await repair(workshop, new Set(world.inventory.values()));
  return { applied: 0, failed: undone.size, elsewhere: 0, isRefused: false, isCancelled: true };
}

async function recordProgress(workshop: Workshop, result: RunResult): Promise<void> {
  const { options, inForce } = workshop;
  workshop.isSettledHere = result.failed === 0 && !result.isRefused && !result.isCancelled;
  const isComplete = workshop.isSettledHere && result.elsewhere === 0;
  await recordProgressOf(options.store.db, inForce.number, isComplete ? 'applied' : 'incomplete');
}

/** Notes what the waiting revision would do, if there is one. */
export async function recordWaiting(workshop: Workshop, world: World): Promise<void> {
  const { observer, options, inForce } = workshop;
  const waiting = await waitingRevision(options.store.db);
  if (waiting === null) return;
  const plan = await observer.planFor(waiting.organisation, world, inForce.organisation);
  const note = { revision: waiting.number, state: 'awaiting-approval', at: options.now() } as const;
  await recordPlan(options.store, plan, note);
  await recordIfRefused(workshop, plan, waiting.number);
}

async function recordIfRefused({ options }: Workshop, plan: Plan, revision: number): Promise<void> {
  const { store, bot, now } = options;
  if (plan.refusals.length > 0) await recordRefusedPlan(store, { plan, revision, actor: bot, at: now() });
}
