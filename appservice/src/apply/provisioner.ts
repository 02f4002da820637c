/**
 * Makes the homeserver match the revision in force: look, compare, change what differs. Level-based: every run starts
 * from what is there, so it does not matter why something differs, or which events were lost. One run at a time.
 */
import type { Logger } from 'pino';
import type { PlanSummary } from '#contract/api.ts';
import type { RoomId, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Homeserver } from '#appservice/matrix/ports.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { restrictPlan } from '../reconciler/restrict-plan.ts';
import { applyPlan, type Outcome } from './apply-plan.ts';
import { createExclusive } from './exclusive.ts';
import { planDigestOf, planStateOf, readPlan, recordPlan, recordProgressOf, summaryOf } from './plan-records.ts';
import { putIntoForce, receiveDeclaration, revisionInForce, waitingRevision, type Revision } from './revisions.ts';
import { observedOf, readAgain, readDesired, readWorld, type World, type WorldOptions } from './world.ts';

export interface ProvisionerOptions extends WorldOptions {
  readonly homeserver: Homeserver;
  readonly logger: Logger;
}

/** How far the run under way has come, in changes. */
interface RunProgress {
  readonly done: number;
  readonly total: number;
}

/** What a run achieved. `failed`: changes that the next run tries again. */
export interface RunResult {
  readonly applied: number;
  readonly failed: number;
  readonly isRefused: boolean;
}

type ApprovalRefusal = 'plan.unknown' | 'plan.stale' | 'plan.not-awaiting-approval' | 'role.missing';

export interface Provisioner {
  /** The declaration in force. */
  organisation(): Organisation;
  progress(): RunProgress;
  /** Takes in a declaration that was loaded and checked. A changed one waits for approval; its plan is noted. */
  receive(organisation: Organisation): Promise<void>;
  /** Looks at everything, or only at `roomIds`, and changes what differs. Throws if the homeserver cannot be read. */
  reconcile(roomIds?: ReadonlySet<RoomId>): Promise<RunResult>;
  /** Carries out the waiting plan with this digest, if the world still is as it was when the plan was made. */
  approve(digest: string, approver: UserId): Promise<PlanSummary | ApprovalRefusal>;
}

/** Puts the first declaration of an empty database into force; otherwise the one that was approved last stays. */
export async function createProvisioner(declared: Organisation, options: ProvisionerOptions): Promise<Provisioner> {
  const { store, bot, logger, now } = options;
  await store.transaction((transaction) => receiveDeclaration(transaction, declared, now()));
  const run = createExclusive();
  let inForce = await requireInForce(options);
  let world: World | null = null;
  let progress: RunProgress = { done: 0, total: 0 };

  async function look(roomIds: ReadonlySet<RoomId> | undefined, organisation: Organisation): Promise<World> {
    const isPartial = roomIds !== undefined && world !== null;
    world = isPartial
      ? await readAgain(world ?? { rooms: [], inventory: new Map() }, roomIds, organisation, options)
      : await readWorld(organisation, options);
    return world;
  }

  async function planFor(organisation: Organisation, seen: World): Promise<Plan> {
    const desired = await readDesired(organisation, seen, options);
    return computePlan(desired, await observedOf(seen, desired, options), bot);
  }

  async function carryOut(plan: Plan, seen: World, isRepair: boolean): Promise<RunResult> {
    if (plan.refusals.length > 0) {
      logger.error({ refusals: plan.refusals }, 'a plan was refused by its gates; nothing was changed');
      return { applied: 0, failed: 0, isRefused: true };
    }
    progress = { done: 0, total: plan.changes.length };
    const outcomes = await applyPlan(plan, seen.inventory, {
      ...options,
      appliedAction: isRepair ? 'drift.repaired' : 'change.applied',
      onOutcome(outcome) {
        progress = { done: progress.done + 1, total: plan.changes.length };
        logOutcome(logger, outcome);
      },
    });
    const applied = outcomes.filter(({ result }) => result === 'applied').length;
    return { applied, failed: outcomes.length - applied, isRefused: false };
  }

  async function reconcile(roomIds?: ReadonlySet<RoomId>): Promise<RunResult> {
    const { number, organisation } = inForce;
    const isPartial = roomIds !== undefined && world !== null;
    const seen = await look(roomIds, organisation);
    const whole = await planFor(organisation, seen);
    const plan = isPartial ? restrictPlan(whole, addressesOf(seen, roomIds)) : whole;
    const state = await planStateOf(store.db, number);
    if (state === null) await recordPlan(store.db, plan, number, 'applying', now());
    const result = await carryOut(plan, seen, state === 'applied');
    if (!isPartial) await concludeSweep(number, seen, result);
    return result;
  }

  async function concludeSweep(number: number, seen: World, result: RunResult): Promise<void> {
    const isComplete = result.failed === 0 && !result.isRefused;
    await recordProgressOf(store.db, number, isComplete ? 'applied' : 'incomplete');
    await recordWaiting(seen);
    // What was seen is no longer so; the next look, whatever leads to it, begins anew.
    if (result.applied + result.failed > 0) world = null;
  }

  async function recordWaiting(seen: World): Promise<void> {
    const waiting = await waitingRevision(store.db);
    if (waiting === null) return;
    const plan = await planFor(waiting.organisation, seen);
    await recordPlan(store.db, plan, waiting.number, 'awaiting-approval', now());
  }

  async function approve(digest: string, approver: UserId): Promise<PlanSummary | ApprovalRefusal> {
    const waiting = await waitingRevision(store.db);
    const row = await readPlan(store.db, digest);
    if (row === null) return 'plan.unknown';
    const isWaiting = row.state === 'awaiting-approval' && row.revision === waiting?.number;
    if (!isWaiting) return 'plan.not-awaiting-approval';
    if (waiting.author === approver) return 'role.missing';
    const seen = await look(undefined, waiting.organisation);
    const plan = await planFor(waiting.organisation, seen);
    if (plan.refusals.length > 0) return 'plan.not-awaiting-approval';
    if (planDigestOf(plan, waiting.number) !== digest) {
      await recordPlan(store.db, plan, waiting.number, 'awaiting-approval', now());
      return 'plan.stale';
    }
    return applyApproved(digest, approver, plan, waiting, seen);
  }

  async function applyApproved(
    digest: string,
    approver: UserId,
    plan: Plan,
    waiting: Revision,
    seen: World,
  ): Promise<PlanSummary | ApprovalRefusal> {
    await store.transaction(async (transaction) => {
      const at = now();
      await putIntoForce(transaction, waiting.number, at);
      await transaction.updateTable('plan').set({ state: 'applying' }).where('digest', '=', digest).execute();
      const detail = { revision: waiting.number };
      await appendAudit(transaction, { at, actor: approver, action: 'plan.approved', subject: digest, detail });
    });
    inForce = waiting;
    const result = await carryOut(plan, seen, false);
    await recordProgressOf(store.db, waiting.number, result.failed === 0 ? 'applied' : 'incomplete');
    world = null;
    const row = await readPlan(store.db, digest);
    return row === null ? 'plan.unknown' : summaryOf(row);
  }

  return {
    organisation: () => inForce.organisation,
    progress: () => progress,
    receive: (organisation) =>
      run(async () => {
        await store.transaction((transaction) => receiveDeclaration(transaction, organisation, now()));
        await recordWaiting(await look(undefined, inForce.organisation));
      }),
    reconcile: (roomIds) => run(() => reconcile(roomIds)),
    approve: (digest, approver) => run(() => approve(digest, approver)),
  };
}

async function requireInForce({ store }: ProvisionerOptions): Promise<Revision> {
  const revision = await revisionInForce(store.db);
  if (revision === null) throw new Error('The database has revisions, but none is in force.');
  return revision;
}

function addressesOf({ rooms }: World, roomIds: ReadonlySet<RoomId>): Set<string> {
  return new Set(rooms.filter(({ roomId }) => roomIds.has(roomId)).map(({ address }) => address));
}

function logOutcome(logger: Logger, outcome: Outcome): void {
  const { kind, address } = outcome.change;
  if (outcome.result === 'failed') logger.warn({ kind, address, err: outcome.error }, 'a change failed');
  else if (outcome.result === 'skipped') {
    logger.warn({ kind, address, because: outcome.because.kind }, 'a change waits for one that failed');
  } else logger.debug({ kind, address }, 'a change was applied');
}
