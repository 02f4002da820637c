/** What the person and this device have said of alerts, as it is kept on the device. */
import { z } from 'zod';
import { alertReceiptKindSchema, alertReceiptsKeptMs } from '#contract/alert-receipts.ts';
import type { Storage } from '../storage/storage.ts';

const storedKey = 'alert-receipts';
const noteSchema = z.object({
  roomId: z.string(),
  eventId: z.string(),
  kind: alertReceiptKindSchema,
  /** Milliseconds since 1970. */
  at: z.number(),
  /** The appservice has it. */
  isSent: z.boolean(),
});
export type AlertNote = z.infer<typeof noteSchema>;

export async function readNotes(storage: Storage): Promise<readonly AlertNote[]> {
  const stored = await storage.table('values').get(storedKey);
  const notes = z.array(noteSchema).safeParse(stored).data ?? [];
  return notes.filter(({ at }) => at > Date.now() - alertReceiptsKeptMs);
}

export function writeNotes(storage: Storage, notes: readonly AlertNote[]): Promise<void> {
  return storage.write([{ table: 'values', key: storedKey, value: notes }]);
}
