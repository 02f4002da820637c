import type { Kysely } from 'kysely';
import type { Database } from '#appservice/store/schema.ts';
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
  const distinct = [...new Map(events.map((event) => [event.eventId, event])).values()];
  const newIds = await database.transaction().execute(async (transaction) => {
    const ids = new Set<string>();
    for (let start = 0; start < distinct.length; start += rowsPerStatement) {
      const inserted = await insertNew(transaction, distinct.slice(start, start + rowsPerStatement), receivedAt);
      for (const id of inserted) ids.add(id);
    }
    return ids;
  });
  return distinct.filter(({ eventId }) => newIds.has(eventId));
}

async function insertNew(
  database: Kysely<Database>,
  events: readonly PushedEvent[],
  receivedAt: number,
): Promise<string[]> {
  const rows = await database
    .insertInto('inbox')
    .values(
      events.map(({ eventId, content }) => ({ event_id: eventId, content, received_at: receivedAt, handled_at: null })),
    )
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .returning('event_id')
    .execute();
  return rows.map((row) => row.event_id);
}
