/** No act without its row in the audit trail, also when there is no room for the row. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import { createSessions } from '#appservice/http/api/session/sessions.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { sendStateAsBot } from '#test/harness/behind-the-back.ts';
import { anna, moderate, mona, useModeratedPatrol } from './moderated-patrol.ts';

const patrol = useModeratedPatrol();

/** Not a page more than there are, and no room in those for a row of the audit trail: what a full disk looks like. */
async function fillDisk({ db, transaction }: Store): Promise<void> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
  await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 0)}`.execute(db);
  const entry = { at: 1, actor: mona, action: 'audit.read', subject: '', detail: {} } as const;
  try {
    for (;;) await transaction((within) => appendAudit(within, entry));
  } catch (error) {
    expect(String(error)).toContain('full');
  }
}

async function freeDisk({ db }: Store): Promise<void> {
  await sql`pragma max_page_count = 4294967294`.execute(db);
}

function removeAnna(token: string): Promise<number> {
  return moderate(patrol, token, 'removals', { userId: anna, reason: 'Drohung' });
}

function aclOf(): string {
  return JSON.stringify(patrol.office.contentOf(patrol.room, 'm.room.server_acl'));
}

test('with a full disk nobody is put out; what is done stands in the audit trail as soon as there is room', async () => {
  const { office, room } = patrol;
  const { store, parts } = office.appservice();
  const declared = aclOf();
  const token = await createSessions(store.db, () => Date.now()).open(mona);
  await fillDisk(store);
  const events = office.countEvents();
  expect(await removeAnna(token)).toBeGreaterThanOrEqual(500);
  expect(office.membershipOf(room, anna)).toBe('join');
  expect(office.countEvents()).toBe(events);
  await sendStateAsBot(office, room, 'm.room.server_acl', { allow: ['*'], deny: [] });
  await expect(parts.provisioner.repair(new Set([room]))).rejects.toThrow(/full/);

  await freeDisk(store);
  await parts.provisioner.reconcile();
  expect(aclOf()).toBe(declared);
  expect(await removeAnna(token)).toBe(204);
  expect(office.membershipOf(room, anna)).toBe('ban');
  const rows = await store.db.selectFrom('audit').select(['action', 'detail']).execute();
  const rowsOf = (...actions: string[]) => rows.filter(({ action }) => actions.includes(action));
  // The opening and the removal are not the appservice's repairs.
  const repairs = office.countEvents() - events - 2;
  expect(rowsOf('drift.repaired', 'change.unanswered')).toHaveLength(repairs);
  expect(rowsOf('moderation.person-removed')).toHaveLength(1);
  expect(await verifyAudit(store.db)).toMatchObject({ firstBadSequence: null });
});
