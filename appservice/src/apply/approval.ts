/**
 * Puts the waiting revision into force after others than its author have approved exactly its plan: for every place that
 * it concerns somebody whose role holds there.
 */
import type { PlanSummary } from '#contract/governance.ts';
import type { UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { readApprovalState, type ApprovalState } from '../authority/approval-state.ts';
import { uncovered } from '../authority/authority.ts';
import type { Place } from '../authority/place.ts';
import type { Plan } from '../reconciler/plan.ts';
import type { Observer } from './observer.ts';
import { hasExpired, planDigestOf, readPlan, recordPlan, summaryOf } from './plan-records.ts';
import { recordRefusedPlan } from './refused-plans.ts';
import { expireRevision, lockRevisions, putIntoForce, waitingRevision, type Revision } from './revisions.ts';

export type ApprovalRefusal =
  | 'plan.unknown'
  | 'plan.stale'
  | 'plan.refused'
  | 'plan.expired'
  | 'plan.not-awaiting-approval'
  | 'role.missing'
  | 'scope.exceeded';

export interface ApprovalOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observer: Observer;
  /** Called when a revision has come into force. It is carried out beside that: nobody waits for hours for an answer. */
  readonly onInForce: (revision: Revision) => void;
}

interface Approval {
  readonly digest: string;
  readonly approver: UserId;
}

/** What waits, and what this approval would add to it. */
interface Waiting {
  readonly revision: Revision;
  readonly state: ApprovalState;
  /** What nobody has approved yet and this approver cannot approve either. */
  readonly stillMissing: readonly string[];
}

/** Answers the plan: applied, or still waiting for approvers of other places. */
export async function approvePlan(
  approval: Approval,
  options: ApprovalOptions,
): Promise<PlanSummary | ApprovalRefusal> {
  const waiting = await requireWaiting(approval, options);
  if (typeof waiting === 'string') return waiting;
  const { revision, state, stillMissing } = waiting;
  const world = await options.observer.look(revision.organisation);
  const plan = await options.observer.planFor(revision.organisation, world, state.inForce);
  const refusal = await refusalOf(plan, revision, approval, options);
  if (refusal !== null) return refusal;
  if (!(await recordApproval(waiting, approval, options))) return 'plan.not-awaiting-approval';
  if (stillMissing.length === 0) options.onInForce(revision);
  const row = await readPlan(options.store.db, approval.digest);
  return row === null ? 'plan.unknown' : summaryOf(row);
}

async function requireWaiting(
  { digest, approver }: Approval,
  { store, now }: ApprovalOptions,
): Promise<Waiting | ApprovalRefusal> {
  const revision = await waitingRevision(store.db);
  const row = await readPlan(store.db, digest);
  if (row === null) return 'plan.unknown';
  const isWaiting = row.state === 'awaiting-approval' && row.revision === revision?.number;
  if (!isWaiting) return 'plan.not-awaiting-approval';
  if (hasExpired(row, now())) {
    await store.transaction((transaction) => expireRevision(transaction, revision.number, now()));
    return 'plan.expired';
  }
  return revision.author === approver ? 'role.missing' : withinScope(revision, { digest, approver }, store);
}

async function withinScope(
  revision: Revision,
  { digest, approver }: Approval,
  { db }: Store,
): Promise<Waiting | ApprovalRefusal> {
  const state = await readApprovalState(db, revision, digest);
  const granted = state.authority.placesOf(approver, 'approver');
  if (!mayDecide(state.places, granted)) return 'scope.exceeded';
  return { revision, state, stillMissing: uncovered(state.missing, granted) };
}

/** Something of it must lie where the role holds. Where nothing but the order of entries differs, any approver will do. */
function mayDecide(places: readonly Place[], granted: readonly Place[]): boolean {
  return places.length === 0 ? granted.length > 0 : uncovered(places, granted).length < places.length;
}

/** Whether the plan, made anew, is still the one that was approved, and whether its gates let it pass. */
async function refusalOf(
  plan: Plan,
  { number }: Revision,
  { digest, approver }: Approval,
  { store, now }: ApprovalOptions,
): Promise<ApprovalRefusal | null> {
  if (planDigestOf(plan, number) !== digest) {
    await recordPlan(store, plan, { revision: number, state: 'awaiting-approval', at: now() });
    return 'plan.stale';
  }
  if (plan.refusals.length === 0) return null;
  await recordRefusedPlan(store, { plan, revision: number, actor: approver, at: now() });
  return 'plan.refused';
}

/**
 * The last approval that was missing puts the revision into force, in the same transaction. false: somebody has withdrawn
 * or replaced it while the rooms were looked at.
 */
async function recordApproval(
  { revision: { number }, state, stillMissing }: Waiting,
  { digest, approver }: Approval,
  { store, now }: ApprovalOptions,
): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const at = now();
    await lockRevisions(transaction);
    if ((await waitingRevision(transaction))?.number !== number) return false;
    await transaction
      .insertInto('approval')
      .values({ plan: digest, approver, at })
      .onConflict((conflict) => conflict.columns(['plan', 'approver']).doNothing())
      .execute();
    if (stillMissing.length === 0) {
      await putIntoForce(transaction, number, { at, actor: approver });
      await transaction.updateTable('plan').set({ state: 'applying' }).where('digest', '=', digest).execute();
    }
    const detail = { revision: number, places: state.places, stillMissing };
    await appendAudit(transaction, { at, actor: approver, action: 'plan.approved', subject: digest, detail });
    return true;
  });
}
