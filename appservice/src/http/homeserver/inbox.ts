import { canonicalize } from 'json-canonicalize';
import type { Kysely } from 'kysely';
import type { Database, InboxTable } from '#appservice/store/schema.ts';
import type { PushedEvent } from './pushed-event.ts';

/** Keeps a statement below the number of variables that SQLite and PostgreSQL allow. */
const rowsPerStatement = 500;

/**
 * Stores events in one transaction and answers those that are new. Told apart by event id, never by transaction id:
 * Synapse uses transaction ids again after a restart.
 */
export async function storeEvents(
  database: Kysely<Database>,
  events: readonly PushedEvent[],
  receivedAt: number,
): Promise<PushedEvent[]> {
  const distinct = [...new Map(events.map((event) => [event.event_id, event])).values()];
  const newIds = await database.transaction().execute(async (transaction) => {
    const ids = new Set<string>();
    for (let start = 0; start < distinct.length; start += rowsPerStatement) {
      const rows = distinct.slice(start, start + rowsPerStatement).map((event) => rowOf(event, receivedAt));
      for (const id of await insertNew(transaction, rows)) ids.add(id);
    }
    return ids;
  });
  return distinct.filter((event) => newIds.has(event.event_id));
}

function rowOf(event: PushedEvent, receivedAt: number): InboxTable {
  return { event_id: event.event_id, content: canonicalize(event), received_at: receivedAt, handled_at: null };
}

async function insertNew(database: Kysely<Database>, rows: readonly InboxTable[]): Promise<string[]> {
  const inserted = await database
    .insertInto('inbox')
    .values(rows)
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .returning('event_id')
    .execute();
  return inserted.map((row) => row.event_id);
}
