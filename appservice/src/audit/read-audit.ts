/** Reads the audit trail: rows for people, leaf hashes for proofs. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AuditRow } from '#contract/governance.ts';
import type { AuditTable, Database } from '#appservice/store/schema.ts';
import { leafHashOf } from './merkle-tree.ts';

const detailSchema = z.record(z.string(), z.unknown());

/** The rows that follow number `after`, in their order. */
export async function readAuditRows(
  database: Kysely<Database>,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<AuditRow[]> {
  const rows = await database
    .selectFrom('audit')
    .selectAll()
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(rowOf);
}

function rowOf({ at, detail, previous_hash: previousHash, ...row }: AuditTable): AuditRow {
  return { ...row, at: new Date(at).toISOString(), detail: detailSchema.parse(JSON.parse(detail)), previousHash };
}

/** The leaves of the tree over the first `size` rows, or over all. A leaf is the row's hash, which covers the row. */
export async function readAuditLeaves(database: Kysely<Database>, size?: number): Promise<Buffer[]> {
  const query = database.selectFrom('audit').select('hash').orderBy('sequence');
  const rows = await (size === undefined ? query : query.limit(size)).execute();
  return rows.map(({ hash }) => leafHashOf(Buffer.from(hash, 'hex')));
}
