/**
 * What devices say of an alert (docs/alerts.md), under `/api/v1`, shared with the client. An alert is named by its room
 * and its event; what it says stays end-to-end encrypted, and nothing here repeats any of it.
 *
 * | request                              | body                 | answer                                             |
 * | ------------------------------------ | -------------------- | -------------------------------------------------- |
 * | `POST /alerts/:room/:event/receipts` | `alertReceiptSchema` | 204; the same receipt twice counts once            |
 * | `GET /alerts/:room/:event/receipts`  | –                    | `alertReceiptsSchema`: all to the sender, their own to others |
 */
import { z } from 'zod';
import { eventIdSchema, roomIdSchema, userIdSchema } from './ids.ts';

/**
 * - `arrived`: a device has the alert, decrypted and stored.
 * - `displayed`: it stood on a screen that somebody looked at.
 * - `acknowledged`, `on-it`, `hint`: the person's own acts.
 * - `withdrawn`: the person has taken the last act back.
 */
export const alertReceiptKindSchema = z.enum(['arrived', 'displayed', 'acknowledged', 'on-it', 'hint', 'withdrawn']);

export const alertPathSchema = z.object({ room: roomIdSchema, event: eventIdSchema });

export const alertReceiptSchema = z.strictObject({
  deviceId: z.string().min(1).max(255),
  kind: alertReceiptKindSchema,
  /** When it happened by the device's clock, in milliseconds since 1970: it may be sent much later. */
  at: z.int().min(0),
});
export type AlertReceipt = z.infer<typeof alertReceiptSchema>;

const recordedReceiptSchema = z.object({
  userId: userIdSchema,
  ...alertReceiptSchema.shape,
  /** When it came in here, in milliseconds since 1970: nothing has happened later than that, whatever a clock says. */
  recordedAt: z.int(),
});
export type RecordedReceipt = z.infer<typeof recordedReceiptSchema>;

/** As long as a room for alerts keeps its messages (class `verteiler`), in milliseconds. */
export const alertReceiptsKeptMs = 30 * 24 * 60 * 60 * 1000;

export const alertReceiptsSchema = z.object({ receipts: z.array(recordedReceiptSchema) });
