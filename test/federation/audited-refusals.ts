/** Refusals as they stand in the audit trail of a running homeserver's appservice, whichever database that has. */
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '#appservice/config.ts';
import { openStore } from '#appservice/store/open-store.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import type { RunningHomeserver } from './running-stack.ts';

const detailSchema = z.looseObject({ rule: z.string() });

export interface AuditedRefusal {
  /** Number of the row. */
  readonly sequence: number;
  readonly actor: string;
  /** The room, or what was asked where there is none. */
  readonly subject: string;
  readonly detail: z.infer<typeof detailSchema>;
}

/**
 * Waits for a row about this rule that fits: the homeserver does not wait until its report is written.
 * @param limitMs how long; half a minute unless told
 */
export function auditedRefusal(
  homeserver: RunningHomeserver,
  rule: string,
  fits: (row: AuditedRefusal) => boolean,
  limitMs?: number,
): Promise<AuditedRefusal> {
  return waitUntil(
    `an audit row about ${rule}`,
    async () => (await auditedRefusals(homeserver)).find((row) => row.detail.rule === rule && fits(row)),
    limitMs,
  );
}

/** Everything that policy and rules refused and that the homeserver refused by itself, oldest first. */
export async function auditedRefusals({ domain }: RunningHomeserver): Promise<readonly AuditedRefusal[]> {
  const { url, passwordPath } = (await readConfig(join(domain.dataFolder, 'appservice', 'config.yaml'))).database;
  const { db, close } = await openStore({ url, ...(passwordPath !== undefined && { passwordPath }) });
  try {
    const rows = await db
      .selectFrom('audit')
      .select(['sequence', 'actor', 'subject', 'detail'])
      .where('action', 'in', ['wall.refused', 'wall.observed'])
      .orderBy('sequence')
      .execute();
    return rows.map(({ sequence, actor, subject, detail }) => {
      return { sequence, actor, subject, detail: detailSchema.parse(JSON.parse(detail)) };
    });
  } finally {
    await close();
  }
}
