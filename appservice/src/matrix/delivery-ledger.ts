/** Reads the delivery ledger, which the module in the homeserver writes (docs/adr/0020). */
import { z } from 'zod';
import type { Deliveries, DeliveriesQuery, DeliveriesVerification } from '#contract/deliveries.ts';
import { askModule, type PrivateListener } from './private-listener.ts';

/** Throws a HomeserverError if the homeserver does not answer as it must. */
export interface DeliveryLedger {
  read(query: DeliveriesQuery): Promise<Deliveries>;
  /** Has every entry read; takes seconds for millions. */
  verify(): Promise<DeliveriesVerification>;
}

const path = '/_landbote/v1/deliveries';

const entriesSchema = z
  .object({
    count: z.int(),
    entries: z.array(
      z.object({ sequence: z.int(), at: z.int(), server: z.string(), event_id: z.string(), way: z.string() }),
    ),
  })
  .transform(({ count, entries }): Deliveries => ({
    count,
    deliveries: entries.map(({ event_id: event, at, sequence, server, way }) => ({
      sequence,
      at: new Date(at).toISOString(),
      server,
      event,
      way,
    })),
  }));

const verificationSchema = z
  .object({ entries: z.int(), first_bad_sequence: z.int().nullable(), head: z.string() })
  .transform(({ entries, first_bad_sequence: firstBadSequence, head }) => ({ entries, firstBadSequence, head }));

/** @param listener null: this homeserver has none, and every question fails */
export function createDeliveryLedger(listener: PrivateListener | null): DeliveryLedger {
  return {
    read: ({ room, server, after, limit }) => {
      const query = { room_id: room, ...(server && { server }), after: `${after}`, limit: `${limit}` };
      return askModule(listener, path, entriesSchema, query);
    },
    verify: () => askModule(listener, path, verificationSchema, { verify: 'true' }),
  };
}
