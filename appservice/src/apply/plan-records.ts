/** Plans of revisions, as the API shows them. Repairs of drift are not approved and leave no plan. */
import { canonicalize } from 'json-canonicalize';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { planSummarySchema, type PlanSummary } from '#contract/governance.ts';
import type { Database, PlanTable } from '#appservice/store/schema.ts';
import type { Change } from '../reconciler/change.ts';
import { digestOf, type Plan } from '../reconciler/plan.ts';

/** What an approval names: the same changes of another revision are another plan. */
export function planDigestOf(plan: Pick<Plan, 'digest'>, revision: number): string {
  return digestOf({ plan: plan.digest, revision });
}

/** How long a plan may wait. What was shown weeks ago is no longer what anybody has in mind. */
export const planLifetimeMs = 7 * 24 * 60 * 60_000;

export function hasExpired({ created_at: createdAt }: Pick<PlanTable, 'created_at'>, now: number): boolean {
  return now > createdAt + planLifetimeMs;
}

const documentSchema = z.object({
  summary: z.array(z.string()),
  changes: z.int(),
  // Plans that were noted before effects were counted have none.
  effects: planSummarySchema.shape.effects.default([]),
});

/** Notes a plan; of a revision that waits, only the newest one can be approved. Answers its digest. */
export async function recordPlan(
  database: Kysely<Database>,
  plan: Plan,
  revision: number,
  state: 'awaiting-approval' | 'applying',
  at: number,
): Promise<string> {
  const digest = planDigestOf(plan, revision);
  const refused = plan.refusals.map(({ message }) => `Refused: ${message}`);
  const document = canonicalize({
    summary: [...refused, ...plan.summary],
    changes: plan.changes.length,
    effects: effectsOf(plan.changes),
  });
  await database
    .updateTable('plan')
    .set({ state: 'superseded' })
    .where('revision', '=', revision)
    .where('digest', '!=', digest)
    .where('state', '=', 'awaiting-approval')
    .execute();
  await database
    .insertInto('plan')
    .values({ digest, revision, document, state, created_at: at })
    .onConflict((conflict) => conflict.column('digest').doUpdateSet({ state, document }))
    .execute();
  return digest;
}

/** What the changes amount to: of each kind how many, in how many rooms, of how many people. */
function effectsOf(changes: readonly Change[]): PlanSummary['effects'] {
  return [...Map.groupBy(changes, ({ kind }) => kind)].map(([kind, alike]) => ({
    kind,
    changes: alike.length,
    rooms: new Set(alike.map(({ address }) => address)).size,
    people: new Set(alike.flatMap((change) => ('userId' in change ? [change.userId] : []))).size,
  }));
}

/** Notes how far the plan of the revision in force has come. */
export async function recordProgressOf(
  database: Kysely<Database>,
  revision: number,
  state: 'applied' | 'incomplete',
): Promise<void> {
  await database
    .updateTable('plan')
    .set({ state })
    .where('revision', '=', revision)
    .where('state', 'in', ['applying', 'incomplete'])
    .where('state', '!=', state)
    .execute();
}

/** How far the plan of a revision in force has come; null if it was not noted yet. */
export async function planStateOf(database: Kysely<Database>, revision: number): Promise<PlanTable['state'] | null> {
  const plan = await database
    .selectFrom('plan')
    .select('state')
    .where('revision', '=', revision)
    .where('state', 'in', ['applying', 'applied', 'incomplete'])
    .executeTakeFirst();
  return plan?.state ?? null;
}

/** The digest of the plan that waits for a revision's approval. */
export async function planWaitingFor(database: Kysely<Database>, revision: number): Promise<string | null> {
  const plan = await database
    .selectFrom('plan')
    .select('digest')
    .where('revision', '=', revision)
    .where('state', '=', 'awaiting-approval')
    .executeTakeFirst();
  return plan?.digest ?? null;
}

export async function readPlan(database: Kysely<Database>, digest: string): Promise<PlanTable | null> {
  return (await database.selectFrom('plan').selectAll().where('digest', '=', digest).executeTakeFirst()) ?? null;
}

/** All plans, the newest first. */
export async function listPlans(database: Kysely<Database>): Promise<PlanSummary[]> {
  const rows = await database.selectFrom('plan').selectAll().orderBy('created_at', 'desc').orderBy('digest').execute();
  return rows.map(summaryOf);
}

export function summaryOf({ digest, revision, state, document, created_at: createdAt }: PlanTable): PlanSummary {
  const { summary, changes, effects } = documentSchema.parse(JSON.parse(document));
  return { digest, revision, state, summary, effects, changes, createdAt: new Date(createdAt).toISOString() };
}
