/** Plans of revisions, as the API shows them. Repairs of drift are not approved and leave no plan. */
import { canonicalize } from 'json-canonicalize';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { planSummarySchema, type PlanSummary } from '#contract/governance.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database, PlanTable } from '#appservice/store/schema.ts';
import type { Change } from '../reconciler/change.ts';
import { digestOf, type Plan } from '../reconciler/plan.ts';
import { forgetChanges, insertChanges } from './planned-changes.ts';

/** What an approval names: the same changes of another revision are another plan. */
export function planDigestOf(plan: Pick<Plan, 'digest'>, revision: number): string {
  return digestOf({ plan: plan.digest, revision });
}

/** How long a plan may wait. What was shown weeks ago is no longer what anybody has in mind. */
export const planLifetimeMs = 7 * 24 * 60 * 60_000;

export function hasExpired({ created_at: createdAt }: Pick<PlanTable, 'created_at'>, now: number): boolean {
  return now > createdAt + planLifetimeMs;
}

/** What was noted before a field was thought of lacks it. */
const documentSchema = z.object({
  summary: z.array(z.string()),
  changes: z.int(),
  effects: planSummarySchema.shape.effects.default([]),
  complete: z.boolean().default(true),
  refusals: planSummarySchema.shape.refusals.default([]),
});

/** Notes a plan; of a revision that waits, only the newest one can be approved. Answers its digest. */
export async function recordPlan(
  { transaction: inTransaction }: Pick<Store, 'transaction'>,
  plan: Plan,
  { revision, state, at }: Pick<PlanTable, 'revision'> & PlanNote,
): Promise<string> {
  const digest = planDigestOf(plan, revision);
  const document = canonicalize({
    summary: plan.summary,
    changes: plan.changes.length,
    effects: effectsOf(plan.changes),
    complete: plan.isComplete,
    refusals: plan.refusals,
  });
  await inTransaction(async (transaction) => {
    await supersedeOthers(transaction, { digest, revision });
    const known = await readPlan(transaction, digest);
    await transaction
      .insertInto('plan')
      .values({ digest, revision, document, state, created_at: at })
      .onConflict((conflict) => conflict.column('digest').doUpdateSet({ state, document }))
      .execute();
    if (known === null || known.state === 'superseded') await insertChanges(transaction, digest, plan.changes);
  });
  return digest;
}

interface PlanNote {
  readonly state: 'awaiting-approval' | 'applying';
  /** Milliseconds since 1970. */
  readonly at: number;
}

async function supersedeOthers(
  transaction: Transaction<Database>,
  { digest, revision }: Pick<PlanTable, 'digest' | 'revision'>,
): Promise<void> {
  const superseded = await transaction
    .updateTable('plan')
    .set({ state: 'superseded' })
    .where('revision', '=', revision)
    .where('digest', '!=', digest)
    .where('state', '=', 'awaiting-approval')
    .returning('digest')
    .execute();
  await forgetChanges(
    transaction,
    superseded.map((plan) => plan.digest),
  );
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
  const described = documentSchema.parse(JSON.parse(document));
  const errored = described.refusals.length > 0;
  const applyable = !errored && state !== 'superseded' && state !== 'applied';
  const at = new Date(createdAt).toISOString();
  return { digest, revision, state, ...described, applyable, errored, createdAt: at };
}
