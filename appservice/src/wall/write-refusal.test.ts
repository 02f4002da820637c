import { expect, test } from 'vitest';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { createRefusalWriter } from './write-refusal.ts';

test('a refusal leaves a row with attacker, room, rule and number in a whole audit trail', async () => {
  const database = await openTestDatabase();
  const write = createRefusalWriter(database, () => 5);
  const attacker = '@jana.mueller:land.hessen.test';
  await write({ callback: 'user_may_invite', rule: 'invite.bot-only', attacker, room: '!room' }, 3);
  await write({ callback: 'user_may_join_room', rule: 'request.malformed', attacker: null, room: null }, 1);
  const rows = await database
    .selectFrom('audit')
    .select(['actor', 'action', 'subject', 'detail'])
    .orderBy('sequence')
    .execute();
  expect(
    rows.map(({ actor, action, subject, detail }) => ({ actor, action, subject, detail: JSON.parse(detail) })),
  ).toEqual([
    {
      actor: attacker,
      action: 'wall.refused',
      subject: '!room',
      detail: { callback: 'user_may_invite', rule: 'invite.bot-only', room: '!room', times: 3 },
    },
    {
      actor: 'unknown',
      action: 'wall.refused',
      subject: 'user_may_join_room',
      detail: { callback: 'user_may_join_room', rule: 'request.malformed', room: null, times: 1 },
    },
  ]);
  expect(await verifyAudit(database)).toEqual({ rows: 2, firstBadSequence: null });
});
