/** Puts the waiting revision into force after somebody else than its author has approved exactly its plan. */
import type { PlanSummary } from '#contract/api.ts';
import type { UserId } from '#contract/ids.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Plan } from '../reconciler/plan.ts';
import type { Observer } from './observer.ts';
import { planDigestOf, readPlan, recordPlan, summaryOf } from './plan-records.ts';
import { recordRefusedPlan } from './refused-plans.ts';
import { putIntoForce, waitingRevision, type Revision } from './revisions.ts';

export type ApprovalRefusal =
  'plan.unknown' | 'plan.stale' | 'plan.refused' | 'plan.not-awaiting-approval' | 'role.missing';

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

export async function approvePlan(
  approval: Approval,
  options: ApprovalOptions,
): Promise<PlanSummary | ApprovalRefusal> {
  const waiting = await requireWaiting(approval, options);
  if (typeof waiting === 'string') return waiting;
  const world = await options.observer.look(waiting.organisation);
  const plan = await options.observer.planFor(waiting.organisation, world);
  const refusal = await refusalOf(plan, waiting, approval, options);
  if (refusal !== null) return refusal;
  await recordApproval(waiting, approval, options);
  options.onInForce(waiting);
  const row = await readPlan(options.store.db, approval.digest);
  return row === null ? 'plan.unknown' : summaryOf(row);
}

async function requireWaiting(
  { digest, approver }: Approval,
  { store }: ApprovalOptions,
): Promise<Revision | ApprovalRefusal> {
  const waiting = await waitingRevision(store.db);
  const row = await readPlan(store.db, digest);
  if (row === null) return 'plan.unknown';
  const isWaiting = row.state === 'awaiting-approval' && row.revision === waiting?.number;
  if (!isWaiting) return 'plan.not-awaiting-approval';
  return waiting.author === approver ? 'role.missing' : waiting;
}

/** Whether the plan, made anew, is still the one that was approved, and whether its gates let it pass. */
async function refusalOf(
  plan: Plan,
  { number }: Revision,
  { digest, approver }: Approval,
  { store, now }: ApprovalOptions,
): Promise<ApprovalRefusal | null> {
  if (planDigestOf(plan, number) !== digest) {
    await recordPlan(store.db, plan, number, 'awaiting-approval', now());
    return 'plan.stale';
  }
  if (plan.refusals.length === 0) return null;
  await recordRefusedPlan(store, { plan, revision: number, actor: approver, at: now() });
  return 'plan.refused';
}

async function recordApproval(
  { number }: Revision,
  { digest, approver }: Approval,
  { store, now }: ApprovalOptions,
): Promise<void> {
  await store.transaction(async (transaction) => {
    const at = now();
    await putIntoForce(transaction, number, at);
    await transaction.updateTable('plan').set({ state: 'applying' }).where('digest', '=', digest).execute();
    const detail = { revision: number };
    await appendAudit(transaction, { at, actor: approver, action: 'plan.approved', subject: digest, detail });
  });
}
