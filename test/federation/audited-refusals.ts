/** Refusals as they stand in the audit trail of a running homeserver's appservice. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { waitUntil } from '#test/harness/wait-until.ts';
import type { RunningHomeserver } from './running-stack.ts';

export interface AuditedRefusal {
  readonly actor: string;
  /** The room, or what was asked where there is none. */
  readonly subject: string;
  readonly detail: string;
}

/** Waits for a row about this rule that fits: the homeserver does not wait until its report is written. */
export function auditedRefusal(
  homeserver: RunningHomeserver,
  rule: string,
  fits: (row: AuditedRefusal) => boolean,
): Promise<AuditedRefusal> {
  return waitUntil(`an audit row about ${rule}`, async () =>
    auditedRefusals(homeserver).find((row) => row.detail.includes(`"${rule}"`) && fits(row)),
  );
}

function auditedRefusals({ domain }: RunningHomeserver): readonly AuditedRefusal[] {
  const database = new Database(join(domain.dataFolder, 'appservice', 'appservice.db'), { readonly: true });
  try {
    return database
      .prepare<[], AuditedRefusal>(
        "select actor, subject, detail from audit where action = 'wall.refused' order by sequence",
      )
      .all();
  } finally {
    database.close();
  }
}
