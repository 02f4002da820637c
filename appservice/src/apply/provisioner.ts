/**
 * Makes the homeserver match the revision in force: look, compare, change what differs. Level-based: every run starts
 * from what is there, so it does not matter why something differs, or which events were lost. One run at a time.
 */
import type { PlanSummary } from '#contract/api.ts';
import type { RoomId, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { Homeserver } from '#appservice/matrix/ports.ts';
import type { Plan } from '../reconciler/plan.ts';
import { approvePlan, type ApprovalRefusal } from './approval.ts';
import { createExclusive } from './exclusive.ts';
import { createObserver, type Observer, type Sight } from './observer.ts';
import { createOutstandingInvitations, type OutstandingInvitations } from './outstanding-invitations.ts';
import { planStateOf, readPlan, planDigestOf, recordPlan, recordProgressOf, summaryOf } from './plan-records.ts';
import {
  createPlanRunner,
  type PlanRunner,
  type RunnerOptions,
  type RunProgress,
  type RunResult,
} from './plan-runner.ts';
import { recordRefusedPlan } from './refused-plans.ts';
import { receiveDeclaration, revisionInForce, waitingRevision, type Revision } from './revisions.ts';
import { sendOutstanding } from './send-outstanding.ts';
import type { World, WorldOptions } from './world.ts';

export interface ProvisionerOptions extends WorldOptions, RunnerOptions {
  readonly homeserver: Homeserver;
  readonly store: WorldOptions['store'];
  /** Called when a run leaves invitations of other homeservers' people to be sent. */
  readonly onOutstanding: () => void;
}

export interface Provisioner {
  /** The declaration in force. */
  organisation(): Organisation;
  progress(): RunProgress;
  /** Takes in a declaration that was loaded and checked. A changed one waits for approval; its plan is noted. */
  receive(organisation: Organisation): Promise<void>;
  /** Looks at everything, or only at `roomIds`, and changes what differs. Throws if the homeserver cannot be read. */
  reconcile(roomIds?: ReadonlySet<RoomId>): Promise<RunResult>;
  /** Sends the invitations that wait for other homeservers, beside the runs. Answers how many people still wait. */
  inviteElsewhere(): Promise<number>;
  /** Carries out the waiting plan with this digest, if the world still is as it was when the plan was made. */
  approve(digest: string, approver: UserId): Promise<PlanSummary | ApprovalRefusal>;
}

/** What the runs share. */
interface Workshop {
  readonly options: ProvisionerOptions;
  readonly observer: Observer;
  readonly outstanding: OutstandingInvitations;
  readonly runner: PlanRunner;
  inForce: Revision;
  /** Whether the last look at everything left nothing to do on the own homeserver. */
  isSettledHere: boolean;
}

/** Puts the first declaration of an empty database into force; otherwise the one that was approved last stays. */
export async function createProvisioner(declared: Organisation, options: ProvisionerOptions): Promise<Provisioner> {
  await options.store.transaction((transaction) => receiveDeclaration(transaction, declared, options.now()));
  const workshop = await openWorkshop(options);
  const run = createExclusive();
  const send = createExclusive();
  return {
    organisation: () => workshop.inForce.organisation,
    progress: () => workshop.runner.progress(),
    receive: (organisation) => run(() => receive(workshop, organisation)),
    reconcile: (roomIds) => run(() => reconcile(workshop, roomIds)),
    inviteElsewhere: () => send(() => inviteElsewhere(workshop)),
    approve: (digest, approver) => run(() => approve(workshop, digest, approver)),
  };
}

async function openWorkshop(options: ProvisionerOptions): Promise<Workshop> {
  const inForce = await revisionInForce(options.store.db);
  if (inForce === null) throw new Error('The database has revisions, but none is in force.');
  const outstanding = createOutstandingInvitations();
  const runner = createPlanRunner(options, outstanding);
  return { options, observer: createObserver(options), outstanding, runner, inForce, isSettledHere: false };
}

async function receive({ options, observer, inForce }: Workshop, organisation: Organisation): Promise<void> {
  await options.store.transaction((transaction) => receiveDeclaration(transaction, organisation, options.now()));
  const { world } = await observer.look(inForce.organisation);
  await recordWaiting(options, observer, world);
}

async function reconcile(workshop: Workshop, roomIds?: ReadonlySet<RoomId>): Promise<RunResult> {
  const { options, observer, runner, inForce } = workshop;
  const { number, organisation } = inForce;
  const sight = await observer.look(organisation, roomIds);
  const plan = await observer.planFor(organisation, sight.world);
  const state = await planStateOf(options.store.db, number);
  if (state === null) await recordPlan(options.store.db, plan, number, 'applying', options.now());
  await recordIfRefused(options, plan, number);
  const result = await runner.carryOut(plan, sight, state === 'applied' ? 'drift.repaired' : 'change.applied');
  if (sight.addresses === undefined) await concludeSweep(workshop, sight.world, result);
  if (result.elsewhere > 0) options.onOutstanding();
  return result;
}

async function concludeSweep(workshop: Workshop, seen: World, result: RunResult): Promise<void> {
  const { options, observer } = workshop;
  await recordProgress(workshop, result);
  await recordWaiting(options, observer, seen);
  if (result.applied + result.failed > 0) observer.forget();
}

async function recordProgress(workshop: Workshop, result: RunResult): Promise<void> {
  const { options, inForce } = workshop;
  workshop.isSettledHere = result.failed === 0 && !result.isRefused;
  const isComplete = workshop.isSettledHere && result.elsewhere === 0;
  await recordProgressOf(options.store.db, inForce.number, isComplete ? 'applied' : 'incomplete');
}

async function recordWaiting(options: ProvisionerOptions, observer: Observer, seen: World): Promise<void> {
  const { store, now } = options;
  const waiting = await waitingRevision(store.db);
  if (waiting === null) return;
  const plan = await observer.planFor(waiting.organisation, seen);
  await recordPlan(store.db, plan, waiting.number, 'awaiting-approval', now());
  await recordIfRefused(options, plan, waiting.number);
}

async function recordIfRefused(options: ProvisionerOptions, plan: Plan, revision: number): Promise<void> {
  const { store, bot, now } = options;
  if (plan.refusals.length > 0) await recordRefusedPlan(store, { plan, revision, actor: bot, at: now() });
}

async function inviteElsewhere(workshop: Workshop): Promise<number> {
  const { options, outstanding, inForce, isSettledHere } = workshop;
  const waiting = await sendOutstanding(outstanding, options);
  if (isSettledHere && outstanding.all().length === 0) {
    await recordProgressOf(options.store.db, inForce.number, 'applied');
  }
  return waiting;
}

function approve(workshop: Workshop, digest: string, approver: UserId): Promise<PlanSummary | ApprovalRefusal> {
  const { options, observer } = workshop;
  return approvePlan(
    { digest, approver },
    { ...options, observer, putIntoEffect: (revision, plan, sight) => putIntoEffect(workshop, revision, plan, sight) },
  );
}

async function putIntoEffect(
  workshop: Workshop,
  revision: Revision,
  plan: Plan,
  sight: Sight,
): Promise<PlanSummary | null> {
  const { options, observer, runner } = workshop;
  workshop.inForce = revision;
  const result = await runner.carryOut(plan, sight, 'change.applied');
  await recordProgress(workshop, result);
  observer.forget();
  if (result.elsewhere > 0) options.onOutstanding();
  const row = await readPlan(options.store.db, planDigestOf(plan, revision.number));
  return row === null ? null : summaryOf(row);
}
