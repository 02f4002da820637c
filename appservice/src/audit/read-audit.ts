/** Reads the audit trail: rows for people, leaf hashes for proofs. */
import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AuditRow } from '#contract/governance.ts';
import type { AuditTable, Database } from '#appservice/store/schema.ts';
import { createMerkleTree, leafHashOf, type MerkleTree } from './merkle-tree.ts';

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

const rowsPerPage = 10_000;

/**
 * The tree over the first `size` rows, or over all that are there. A leaf is the row's hash, which covers the row. Made
 * of the rows each time, so that a head never stands for what is no longer there; others get their turn between pages.
 */
export async function readAuditTree(database: Kysely<Database>, size = Number.MAX_SAFE_INTEGER): Promise<MerkleTree> {
  const tree = createMerkleTree();
  let after = 0;
  for (;;) {
    const limit = Math.min(rowsPerPage, size - tree.size());
    const rows = limit === 0 ? [] : await readHashes(database, after, limit);
    for (const { hash } of rows) tree.append(leafHashOf(Buffer.from(hash, 'hex')));
    after = rows.at(-1)?.sequence ?? after;
    if (rows.length < rowsPerPage) return tree;
    await setImmediate();
  }
}

function readHashes(database: Kysely<Database>, after: number, limit: number) {
  return database
    .selectFrom('audit')
    .select(['sequence', 'hash'])
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
}
