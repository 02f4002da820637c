/** What auditors can ask of the audit trail. Reading it is an act, too, and leaves its row. */
import type { AuditRow } from '#contract/governance.ts';
import type { UserId } from '#contract/ids.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { appendAudit } from './append-audit.ts';
import { signCheckpoint, verifierKeyOf, type AuditKey } from './checkpoint.ts';
import { readAuditRows, readAuditTree } from './read-audit.ts';
import { verifyAudit, type AuditVerification } from './verify-audit.ts';

export interface AuditDesk {
  read(page: { readonly after: number; readonly limit: number }, reader: UserId): Promise<AuditRow[]>;
  verify(): Promise<AuditVerification>;
  /** The signed head of the tree over all rows. */
  checkpoint(): Promise<string>;
  verifierKey(): string;
  /** That the tree of `to` rows begins with the tree of `from` rows; null if there are not as many. */
  proveConsistency(from: number, to: number): Promise<Buffer[] | null>;
  /** That the row `sequence` is in the tree of `size` rows; null if there are not as many. */
  proveInclusion(sequence: number, size: number): Promise<Buffer[] | null>;
}

export interface AuditDeskOptions {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  readonly key: AuditKey;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAuditDesk({ store, key, now }: AuditDeskOptions): AuditDesk {
  const { db } = store;
  return {
    read: (page, reader) =>
      store.transaction(async (transaction) => {
        const rows = await readAuditRows(transaction, page);
        const entry = { at: now(), actor: reader, action: 'audit.read' as const, subject: 'audit' };
        await appendAudit(transaction, { ...entry, detail: { ...page, rows: rows.length } });
        return rows;
      }),
    verify: () => verifyAudit(db),
    async checkpoint() {
      const tree = await readAuditTree(db);
      const size = tree.size();
      return signCheckpoint({ size, root: tree.rootOf(size) }, key);
    },
    verifierKey: () => verifierKeyOf(key),
    async proveConsistency(from, to) {
      const tree = await readAuditTree(db, to);
      return from > to || tree.size() < to ? null : tree.consistencyProofOf(from, to);
    },
    async proveInclusion(sequence, size) {
      const tree = await readAuditTree(db, size);
      return sequence < 1 || sequence > size || tree.size() < size ? null : tree.inclusionProofOf(sequence - 1, size);
    },
  };
}
