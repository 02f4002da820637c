/** A plan with what somebody must know who is to approve it. */
import type { Kysely } from 'kysely';
import type { PlanDetail } from '#contract/governance.ts';
import type { Database, PlanTable } from '#appservice/store/schema.ts';
import { planLifetimeMs, readPlan, summaryOf } from '../apply/plan-records.ts';
import { waitingRevision } from '../apply/revisions.ts';
import { readApprovalState } from './approval-state.ts';

/** null: no plan has this digest. */
export async function readPlanDetail(database: Kysely<Database>, digest: string): Promise<PlanDetail | null> {
  const plan = await readPlan(database, digest);
  if (plan === null) return null;
  const { author } = await database
    .selectFrom('revision')
    .select('author')
    .where('number', '=', plan.revision)
    .executeTakeFirstOrThrow();
  const expiresAt = new Date(plan.created_at + planLifetimeMs).toISOString();
  return { ...summaryOf(plan), author, expiresAt, ...(await readApproval(database, plan)) };
}

type ApprovalDetail = Pick<PlanDetail, 'differences' | 'places' | 'approvals' | 'missing'>;

async function readApproval(database: Kysely<Database>, plan: PlanTable): Promise<ApprovalDetail> {
  const waiting = await waitingRevision(database);
  if (waiting?.number !== plan.revision || plan.state !== 'awaiting-approval') {
    return { differences: [], places: [], approvals: [], missing: [] };
  }
  const { differences, places, approvals, missing } = await readApprovalState(database, waiting, plan.digest);
  return {
    differences,
    places,
    approvals: approvals.map(({ approver, at }) => ({ approver, at: new Date(at).toISOString() })),
    missing,
  };
}
