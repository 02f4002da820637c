/** The changes of plans, one row each: a plan of a whole administration has more than a hundred thousand. */
import { canonicalize } from 'json-canonicalize';
import type { Kysely, Transaction } from 'kysely';
import { plannedChangeSchema, type PlannedChange, type PlannedChangesPage } from '#contract/planned-change.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { Change } from '../reconciler/change.ts';

/** Keeps a statement below the number of variables that SQLite and PostgreSQL allow. */
const rowsPerStatement = 5_000;

export async function insertChanges(
  transaction: Transaction<Database>,
  plan: string,
  changes: readonly Change[],
): Promise<void> {
  const rows = changes.map((change, position) => ({ plan, position, document: documentOf(change) }));
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await transaction
      .insertInto('planned_change')
      .values(rows.slice(start, start + rowsPerStatement))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** The parameter's type makes sure that the API knows every kind of change. */
function documentOf(change: PlannedChange): string {
  return canonicalize(change);
}

const everything: PlannedChangesPage = { after: 0, limit: 2_147_483_647 };

/** Plans that another one took the place of before anybody approved them: nobody asks what they would have done. */
export async function forgetChanges(transaction: Transaction<Database>, plans: readonly string[]): Promise<void> {
  if (plans.length === 0) return;
  await transaction.deleteFrom('planned_change').where('plan', 'in', plans).execute();
}

/** In the order in which they are carried out. null: there is no such plan. */
export async function readPlannedChanges(
  database: Kysely<Database>,
  plan: string,
  { after, limit }: PlannedChangesPage = everything,
): Promise<PlannedChange[] | null> {
  if ((await database.selectFrom('plan').select('digest').where('digest', '=', plan).executeTakeFirst()) === undefined)
    return null;
  const rows = await database
    .selectFrom('planned_change')
    .select('document')
    .where('plan', '=', plan)
    .where('position', '>=', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map(({ document }) => plannedChangeSchema.parse(JSON.parse(document)));
}
