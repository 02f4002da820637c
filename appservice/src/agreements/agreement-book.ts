/**
 * All agreements of this side: in the database, and in memory for those who cannot wait, above all the wall. Each act is
 * one transaction with its audit row; memory follows only what was committed.
 */
import type { Transaction } from 'kysely';
import { appendAudit, type AuditEntry } from '#appservice/audit/append-audit.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { Agreement } from './agreement.ts';
import { agreementOf, rowOf } from './agreement-rows.ts';

/** What an agreement becomes, and the row of the audit trail that says so. */
export interface Act {
  readonly agreement: Agreement;
  readonly entry: Pick<AuditEntry, 'action' | 'actor' | 'detail'>;
}

export interface AgreementBook {
  /** Of this moment, the newest first. */
  all(): readonly Agreement[];
  find(id: string): Agreement | undefined;
  /**
   * Lets `decide` say what becomes of an agreement, and writes it. A refusal of `decide` is handed on and changes
   * nothing; neither does null.
   */
  act<Refusal extends string>(
    id: string,
    decide: (known: Agreement | undefined) => Act | Refusal | null,
  ): Promise<Agreement | Refusal | null>;
}

/** @param now milliseconds since 1970 */
export async function openAgreementBook(
  { db, transaction }: Pick<Store, 'db' | 'transaction'>,
  now: () => number,
): Promise<AgreementBook> {
  const rows = await db.selectFrom('agreement').selectAll().orderBy('created_at').orderBy('id').execute();
  const agreements = new Map(rows.map((row) => [row.id, agreementOf(row)]));
  let queue: Promise<unknown> = Promise.resolve();

  async function act<Refusal extends string>(
    id: string,
    decide: (known: Agreement | undefined) => Act | Refusal | null,
  ): Promise<Agreement | Refusal | null> {
    const outcome = decide(agreements.get(id));
    if (outcome === null || typeof outcome === 'string') return outcome;
    await transaction((open) => write(open, outcome, now()));
    agreements.set(id, outcome.agreement);
    return outcome.agreement;
  }

  return {
    all: () => [...agreements.values()].toReversed(),
    find: (id) => agreements.get(id),
    // One after the other: what `decide` saw is still so when it is written. Only the leading instance writes.
    act(id, decide) {
      const acted = queue.then(() => act(id, decide));
      queue = acted.catch(() => undefined);
      return acted;
    },
  };
}

async function write(transaction: Transaction<Database>, { agreement, entry }: Act, at: number): Promise<void> {
  const { id, created_at: createdAt, ...changed } = rowOf(agreement, at);
  await transaction
    .insertInto('agreement')
    .values({ id, created_at: createdAt, ...changed })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await appendAudit(transaction, { at, subject: `agreement/${id}`, ...entry });
}
