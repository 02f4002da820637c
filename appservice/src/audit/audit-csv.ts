/** Audit rows as CSV (RFC 4180) that a spreadsheet may open without being made to calculate. */
import { stringify } from 'csv-stringify/sync';
import type { AuditRow } from '#contract/governance.ts';

const columns = ['sequence', 'at', 'actor', 'action', 'subject', 'detail', 'previousHash', 'hash'] as const;

/** With a header. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function auditCsvOf(rows: readonly AuditRow[]): string {
  const records = rows.map((row) => ({ ...row, detail: JSON.stringify(row.detail) }));
  return stringify(records, {
    columns: [...columns],
    header: true,
    quoted: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}
