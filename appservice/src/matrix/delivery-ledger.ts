/** Reads the delivery ledger, which the module in the homeserver writes (docs/adr/0020). */
import { z } from 'zod';
import type { Deliveries, DeliveriesQuery, DeliveriesVerification } from '#contract/deliveries.ts';
import { HomeserverError } from './ports.ts';

/** Throws a HomeserverError if the homeserver does not answer as it must. */
export interface DeliveryLedger {
  read(query: DeliveriesQuery): Promise<Deliveries>;
  /** Has every entry read; takes seconds for millions. */
  verify(): Promise<DeliveriesVerification>;
}

export interface DeliveryLedgerOptions {
  /** Anything on the listener that only the appservice reaches. */
  readonly url: string;
  readonly token: string;
  /** Aborted when nobody waits for answers any more. */
  readonly abandoned: AbortSignal;
}

const path = '/_landbote/v1/deliveries';
const answerMsMax = 60_000;

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

/** @param options null: this homeserver has no such listener, and every question fails */
export function createDeliveryLedger(options: DeliveryLedgerOptions | null): DeliveryLedger {
  return {
    read: ({ room, server, after, limit }) =>
      ask(options, entriesSchema, { room_id: room, ...(server && { server }), after: `${after}`, limit: `${limit}` }),
    verify: () => ask(options, verificationSchema, { verify: 'true' }),
  };
}

async function ask<Schema extends z.ZodType>(
  options: DeliveryLedgerOptions | null,
  schema: Schema,
  query: Readonly<Record<string, string>>,
): Promise<z.output<Schema>> {
  const answer = await fetchFrom(options, query);
  const content = schema.safeParse(await answer.json().catch(() => null));
  if (!answer.ok || !content.success) {
    throw new HomeserverError(answer.status, 'M_UNKNOWN', 'unexpected answer about deliveries');
  }
  return content.data;
}

async function fetchFrom(
  options: DeliveryLedgerOptions | null,
  query: Readonly<Record<string, string>>,
): Promise<Response> {
  if (options === null) throw new HomeserverError(0, 'M_UNKNOWN', 'this homeserver is not asked about deliveries');
  try {
    return await fetch(new URL(`${path}?${new URLSearchParams(query).toString()}`, options.url), {
      redirect: 'error',
      headers: { Authorization: `Bearer ${options.token}` },
      signal: AbortSignal.any([options.abandoned, AbortSignal.timeout(answerMsMax)]),
    });
  } catch (cause) {
    throw new HomeserverError(0, 'M_UNKNOWN', `no answer about deliveries: ${String(cause)}`);
  }
}
