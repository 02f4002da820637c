/** Writes the audit trail. There is no other place that writes to its tables. */
import { canonicalize } from 'json-canonicalize';
import type { Transaction } from 'kysely';
import type { Database } from '#appservice/store/schema.ts';
import type { AuditAction } from './actions.ts';
import { hashOf, type ChainEnd, type Unhashed } from './chain.ts';

export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who did it: a user id. */
  readonly actor: string;
  readonly action: AuditAction;
  /** What it was done to: an address, a digest, a room or user id. */
  readonly subject: string;
  /** JSON values. Stored as JSON, so a line break in a value cannot pass for a second row. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Appends to the chain within the transaction of the fact: both stand or neither. Concurrent appends queue until the
 * transaction ends, so call this late in it. Throws if the end of the chain is missing; then the fact must not stand.
 */
export async function appendAudit(transaction: Transaction<Database>, entry: AuditEntry): Promise<void> {
  const end = await lockEnd(transaction);
  const unhashed = rowOf(entry, end);
  const hash = hashOf(unhashed);
  await transaction
    .insertInto('audit')
    .values({ ...unhashed, hash })
    .execute();
  await transaction.updateTable('audit_head').set({ sequence: unhashed.sequence, hash }).where('id', '=', 1).execute();
}

/** An update of the row to itself: on PostgreSQL it waits for the transaction before and then sees what that wrote. */
async function lockEnd(transaction: Transaction<Database>): Promise<ChainEnd> {
  return transaction
    .updateTable('audit_head')
    .set((expression) => ({ sequence: expression.ref('sequence') }))
    .where('id', '=', 1)
    .returning(['sequence', 'hash'])
    .executeTakeFirstOrThrow(() => new Error('The audit trail has lost its end (table audit_head is empty).'));
}

function rowOf({ at, actor, action, subject, detail }: AuditEntry, end: ChainEnd): Unhashed {
  return {
    sequence: end.sequence + 1,
    at,
    actor: storable(actor),
    action,
    subject: storable(subject),
    detail: canonicalize(detail),
    previous_hash: end.hash,
  };
}

/**
 * Strangers choose some of these texts. What a database cannot store as it is (half a surrogate pair; a zero byte on
 * PostgreSQL) would otherwise prevent the row or make it look tampered with.
 */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
