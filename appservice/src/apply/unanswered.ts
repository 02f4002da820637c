/**
 * Changes that were begun and of which no answer came, because the process or its database was not there any more. They
 * may have been carried out, and then nothing differs for a later look to find: so each has its row in the audit trail.
 */
import type { Transaction } from 'kysely';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { UserId } from '#contract/ids.ts';
import type { Database } from '#appservice/store/schema.ts';

export interface Unanswered {
  readonly runs: readonly string[];
  /** In whose name they were begun. */
  readonly bot: UserId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export async function noteUnanswered(transaction: Transaction<Database>, { runs, bot, at }: Unanswered): Promise<void> {
  if (runs.length === 0) return;
  const changes = await transaction
    .updateTable('journal')
    .set({ state: 'unknown', error: 'the run ended before an answer came' })
    .where('state', '=', 'begun')
    .where('run', 'in', runs)
    .returning(['run', 'address', 'kind', 'user_id'])
    .execute();
  for (const { run, address, kind, user_id: userId } of changes) {
    const detail = { run, kind, ...(userId === null ? {} : { userId }) };
    await appendAudit(transaction, { at, actor: bot, action: 'change.unanswered', subject: address, detail });
  }
}
