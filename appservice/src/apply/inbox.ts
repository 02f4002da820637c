/**
 * The pushed events between being stored and being handed over. What was stored and not handed over when the process
 * ended is handed over at the next start.
 */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { roomIdSchema } from '#contract/ids.ts';
import type { PushedEvent } from '#appservice/matrix/bridge.ts';
import type { Database } from '#appservice/store/schema.ts';

const eventSchema = z.looseObject({ type: z.string(), room_id: roomIdSchema });

/** Long enough to recognise an event that Synapse pushes again after an outage. */
const keptMs = 7 * 24 * 60 * 60 * 1000;
const eventsAtOnce = 500;

/**
 * Hands all stored events over, the oldest first, and notes that. An event that no room id stands in is set aside: it
 * must not hold up the others.
 */
export async function handOverEvents(
  database: Kysely<Database>,
  push: (events: readonly PushedEvent[]) => void,
  now: () => number,
): Promise<void> {
  for (;;) {
    const rows = await database
      .selectFrom('inbox')
      .select(['event_id', 'content'])
      .where('handled_at', 'is', null)
      .orderBy('received_at')
      .limit(eventsAtOnce)
      .execute();
    if (rows.length === 0) return;
    push(rows.flatMap(({ content }) => eventSchema.safeParse(JSON.parse(content)).data ?? []));
    const ids = rows.map((row) => row.event_id);
    await database.updateTable('inbox').set({ handled_at: now() }).where('event_id', 'in', ids).execute();
  }
}

/** Forgets events that were handed over a while ago. */
export async function forgetOldEvents(database: Kysely<Database>, now: () => number): Promise<void> {
  await database
    .deleteFrom('inbox')
    .where('handled_at', '<', now() - keptMs)
    .execute();
}
