/**
 * Makes the homeserver match the revision in force: look, compare, change what differs. Level-based: every run starts
 * from what is there, so it does not matter why something differs, or which events were lost. One run at a time; repairs
 * of single rooms go on beside it.
 */
import type { PlanSummary } from '#contract/governance.ts';
import type { RoomId, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { approvePlan, type ApprovalRefusal } from './approval.ts';
import { createExclusive } from './exclusive.ts';
import { createFence } from './journal.ts';
import { recordProgressOf } from './plan-records.ts';
import type { PlanRunner, RunResult } from './plan-runner.ts';
import { repair } from './repair.ts';
import { receiveDeclaration, type Revision } from './revisions.ts';
import { sendOutstanding } from './send-outstanding.ts';
import { recordWaiting, sweep, type Tidies } from './sweep.ts';
import { openWorkshop, type Workshop, type WorkshopOptions } from './workshop.ts';

export interface Provisioner {
  /** The declaration in force. */
  organisation(): Organisation;
  readonly runs: Pick<PlanRunner, 'cancel' | 'progress'>;
  /** Takes in a declaration that was loaded and checked. A changed one waits for approval; its plan is noted. */
  receive(organisation: Organisation): Promise<void>;
  /** Looks at everything and changes what differs. Throws if the homeserver cannot be read. */
  reconcile(): Promise<RunResult>;
  /** Makes as declared also what weakens nothing and was only reported, where `tidies` says so. */
  repairReported(tidies: Tidies): Promise<RunResult>;
  /** Looks at single rooms and repairs their protection, beside the runs. Answers the rooms where that failed. */
  repair(roomIds: ReadonlySet<RoomId>): Promise<ReadonlySet<RoomId>>;
  /** Sends the invitations that wait for other homeservers, beside the runs. Answers how many people still wait. */
  inviteElsewhere(): Promise<number>;
  /** Puts the waiting plan with this digest into force, if the world still is as it was when the plan was made. */
  approve(digest: string, approver: UserId): Promise<PlanSummary | ApprovalRefusal>;
}

/** Puts the first declaration of an empty database into force; otherwise the one that was approved last stays. */
export async function createProvisioner(declared: Organisation, options: WorkshopOptions): Promise<Provisioner> {
  await options.store.transaction((transaction) => receiveDeclaration(transaction, declared, options.now()));
  const workshop = await openWorkshop(options);
  const run = createExclusive();
  const send = createExclusive();
  return {
    organisation: () => workshop.inForce.organisation,
    runs: workshop.runner,
    receive: (organisation) => run(() => receive(workshop, organisation)),
    reconcile: () => run(() => sweep(workshop, () => false)),
    repairReported: (tidies) => run(() => sweep(workshop, tidies)),
    repair: (roomIds) => repair(workshop, roomIds),
    inviteElsewhere: () => send(() => inviteElsewhere(workshop)),
    approve: (digest, approver) => run(() => approve(workshop, digest, approver)),
  };
}

async function receive(workshop: Workshop, organisation: Organisation): Promise<void> {
  const { options, observer, inForce } = workshop;
  await options.store.transaction((transaction) => receiveDeclaration(transaction, organisation, options.now()));
  await recordWaiting(workshop, await observer.look(inForce.organisation));
}

async function inviteElsewhere({ options, outstanding, inForce, isSettledHere }: Workshop): Promise<number> {
  const waiting = await sendOutstanding(outstanding, { ...options, log: createFence(options) });
  if (isSettledHere && outstanding.all().length === 0) {
    await recordProgressOf(options.store.db, inForce.number, 'applied');
  }
  return waiting;
}

function approve(workshop: Workshop, digest: string, approver: UserId): Promise<PlanSummary | ApprovalRefusal> {
  const { options, observer } = workshop;
  const onInForce = (revision: Revision): void => {
    workshop.inForce = revision;
    options.onDue();
  };
  return approvePlan({ digest, approver }, { ...options, observer, onInForce });
}
