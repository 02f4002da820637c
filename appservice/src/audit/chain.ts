/** How audit rows hang together: each hash covers the row and the hash before it. Pure. */
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import type { AuditTable } from '#appservice/store/schema.ts';

/** The end of a chain: where the next row is attached. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

/** What the first row is attached to. */
export const chainStart: ChainEnd = { sequence: 0, hash: '0'.repeat(64) };

/**
 * SHA-256, in lower-case hex, of the canonical JSON (RFC 8785) of the row without its hash. `detail` is covered as the
 * text that is stored.
 */
export function hashOf({
  previous_hash: previousHash,
  sequence,
  at,
  actor,
  action,
  subject,
  detail,
}: Unhashed): string {
  const covered = canonicalize({ sequence, previousHash, at, actor, action, subject, detail });
  return createHash('sha256').update(covered, 'utf8').digest('hex');
}

export type Unhashed = Omit<AuditTable, 'hash'>;

/** Whether a row is exactly what was written after `end`. */
export function continues(row: AuditTable, end: ChainEnd): boolean {
  return row.sequence === end.sequence + 1 && row.previous_hash === end.hash && row.hash === hashOf(row);
}
