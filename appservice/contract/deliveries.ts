/** The delivery ledger: what of a room was handed to which other server, under `/api/v1/deliveries`. */
import { z } from 'zod';
import { roomIdSchema, serverNameSchema } from './ids.ts';

export const deliveriesQuerySchema = z.object({
  room: roomIdSchema,
  /** The server that was handed something; every one unless given. */
  server: serverNameSchema.optional(),
  /** The number of the last entry that is known already. */
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuerySchema>;

const deliverySchema = z.object({
  sequence: z.int(),
  at: z.iso.datetime(),
  server: z.string(),
  event: z.string(),
  /** The endpoint of the server-server API by which it left, such as `/send`. */
  way: z.string(),
});

export const deliveriesSchema = z.object({
  /** All that there are, also before and after this page. */
  count: z.int(),
  deliveries: z.array(deliverySchema),
});
export type Deliveries = z.infer<typeof deliveriesSchema>;

export const deliveriesVerificationSchema = z.object({
  entries: z.int(),
  /** null: the ledger is whole. */
  firstBadSequence: z.int().nullable(),
  /** Hash of the last entry that is in order. It is noted in the audit trail, too. */
  head: z.string(),
});
export type DeliveriesVerification = z.infer<typeof deliveriesVerificationSchema>;
