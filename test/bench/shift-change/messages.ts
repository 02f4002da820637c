/** What the bench and the process with the engines in Node tell each other. */
import { z } from 'zod';
import { userIdSchema } from '#contract/ids.ts';

/** From the bench: who signs in when. */
export const shiftSchema = z.object({
  stackFilePath: z.string(),
  /** Milliseconds since the epoch. */
  arrivals: z.array(z.object({ userId: userIdSchema, at: z.number() })),
});
export type Shift = z.infer<typeof shiftSchema>;

const signedInSchema = z.object({
  userId: userIdSchema,
  /** From the call until the homeserver has accepted the password. */
  acceptedMs: z.number(),
  /** From the call until the list is there. */
  listMs: z.number(),
  /** From the call until this device reads and writes encrypted messages. */
  encryptionMs: z.number(),
});
export type SignedIn = z.infer<typeof signedInSchema>;

/** From the engines, when everybody has had a turn. */
export const shiftReportSchema = z.object({
  signedIn: z.array(signedInSchema),
  failures: z.array(z.string()),
  requests: z.int(),
  /** What all engines together took of the machine on which the homeserver runs, too. */
  processorSeconds: z.number(),
  /** Answers 429, by method and path. */
  limited: z.array(z.string()),
});
export type ShiftReport = z.infer<typeof shiftReportSchema>;
