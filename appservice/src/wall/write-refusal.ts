import type { Kysely } from 'kysely';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { Database } from '#appservice/store/schema.ts';
import type { WriteRefusal } from './refusal-ledger.ts';

/** Writes refusals to the audit trail. The actor is the attacker, or `unknown` if the request did not name one. */
export function createRefusalWriter(database: Kysely<Database>, now: () => number): WriteRefusal {
  return ({ callback, rule, attacker, room }, times) =>
    database.transaction().execute((transaction) =>
      appendAudit(transaction, {
        at: now(),
        actor: attacker ?? 'unknown',
        action: 'wall.refused',
        subject: room ?? callback,
        detail: { callback, rule, room, times },
      }),
    );
}
