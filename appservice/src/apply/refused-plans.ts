import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { UserId } from '#contract/ids.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Plan } from '../reconciler/plan.ts';
import { planDigestOf } from './plan-records.ts';

export interface RefusedPlan {
  readonly plan: Plan;
  readonly revision: number;
  /** Who wanted it: the bot for what a sweep finds. */
  readonly actor: UserId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Notes in the audit trail that a plan was refused, with every gate. The same refusal, found again at every sweep, is
 * noted once.
 */
export async function recordRefusedPlan(
  store: Pick<Store, 'transaction'>,
  { plan, revision, actor, at }: RefusedPlan,
): Promise<void> {
  const subject = planDigestOf(plan, revision);
  await store.transaction(async (transaction) => {
    const last = await transaction
      .selectFrom('audit')
      .select('subject')
      .where('action', '=', 'plan.refused')
      .where('actor', '=', actor)
      .orderBy('sequence', 'desc')
      .executeTakeFirst();
    if (last?.subject === subject) return;
    const detail = { revision, refusals: plan.refusals };
    await appendAudit(transaction, { at, actor, action: 'plan.refused', subject, detail });
  });
}
