/** Checks that the audit trail is as it was written. */
import type { Kysely, Transaction } from 'kysely';
import type { AuditTable, Database } from '#appservice/store/schema.ts';
import { chainStart, continues, type ChainEnd } from './chain.ts';

export interface AuditVerification {
  /** How many rows there are. */
  readonly rows: number;
  /** The number of the first row that is missing, moved or altered; null if the trail is whole. */
  readonly firstBadSequence: number | null;
}

const rowsPerPage = 1_000;

/**
 * Reads the whole trail as of one moment. Finds rows that were altered, removed, reordered, inserted or cut off the
 * end. Whoever can write to the tables and computes all hashes anew is only found by comparing with hashes kept
 * elsewhere.
 */
export async function verifyAudit(db: Kysely<Database>): Promise<AuditVerification> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => ({
      rows: await countRows(transaction),
      firstBadSequence: await findFirstBad(transaction),
    }));
}

async function countRows(transaction: Transaction<Database>): Promise<number> {
  const { rows } = await transaction
    .selectFrom('audit')
    .select((expression) => expression.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows;
}

async function findFirstBad(transaction: Transaction<Database>): Promise<number | null> {
  let end = chainStart;
  // No lower bound: a row with a number below 1 does not belong there either.
  let page = await readPage(transaction, Number.MIN_SAFE_INTEGER);
  while (page.length > 0) {
    for (const row of page) {
      if (!continues(row, end)) return end.sequence + 1;
      end = row;
    }
    page = await readPage(transaction, end.sequence);
  }
  return compareWithHead(end, await readHead(transaction));
}

async function readPage(transaction: Transaction<Database>, after: number): Promise<AuditTable[]> {
  return transaction
    .selectFrom('audit')
    .selectAll()
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(rowsPerPage)
    .execute();
}

async function readHead(transaction: Transaction<Database>): Promise<ChainEnd | undefined> {
  return transaction.selectFrom('audit_head').select(['sequence', 'hash']).executeTakeFirst();
}

/** Fewer rows than the head says: the end was cut off. More: somebody else appended. */
function compareWithHead(end: ChainEnd, head: ChainEnd | undefined): number | null {
  if (head === undefined) return end.sequence + 1;
  if (head.sequence !== end.sequence) return Math.min(head.sequence, end.sequence) + 1;
  return head.hash === end.hash ? null : Math.max(end.sequence, chainStart.sequence + 1);
}
