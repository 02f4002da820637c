/**
 * Runs: what is being carried out or was, under `/api/v1`, shared with the client.
 *
 * | request                          | answer                                                     |
 * | -------------------------------- | ---------------------------------------------------------- |
 * | `GET /runs`                      | `runsSchema`, the newest first                             |
 * | `GET /runs/:run`                 | `runReportSchema`: per target what happened and what to do |
 * | `GET /runs/:run/events`          | server-sent events: `progress` and at last `ended`, each with `runSchema` |
 * | `POST /runs/:run/cancellation`   | 202; the run stops between two changes                     |
 * | `POST /runs/:run/resumption`     | 202; what a cancelled run left is carried out              |
 * | `GET /drift`                     | `driftSchema`: what differs and weakens nothing            |
 * | `POST /drift/repair`             | 202; also that is made as declared                         |
 */
import { z } from 'zod';

export const runSchema = z.object({
  id: z.uuid(),
  revision: z.int(),
  /** `drift`: repairs of what was changed behind the declaration's back. */
  purpose: z.enum(['revision', 'drift']),
  state: z.enum(['running', 'done', 'incomplete', 'cancelled', 'interrupted']),
  /** Changes that have an outcome, whatever it is. */
  done: z.int(),
  total: z.int(),
  failed: z.int(),
  /** Changes per second over the last half minute; null while nothing is known, and after the end. */
  ratePerSecond: z.number().nullable(),
  remainingMs: z.int().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const runParametersSchema = z.object({ run: z.uuid() });

export const runsSchema = z.object({ runs: z.array(runSchema) });

/** What happened at one address (or to one account), and what somebody can do. */
const runTargetSchema = z.object({
  target: z.string(),
  applied: z.int(),
  waiting: z.int(),
  problems: z.array(
    z.object({
      change: z.string(),
      person: z.string().nullable(),
      state: z.enum(['begun', 'failed', 'skipped', 'unknown']),
      error: z.string().nullable(),
      remedy: z.string().nullable(),
    }),
  ),
});
export type RunTarget = z.infer<typeof runTargetSchema>;

export const runReportSchema = z.object({ run: runSchema, targets: z.array(runTargetSchema) });
export type RunReport = z.infer<typeof runReportSchema>;

export const driftSchema = z.object({
  differences: z.array(
    z.object({
      address: z.string(),
      kind: z.string(),
      found: z.unknown(),
      declared: z.unknown(),
      foundAt: z.iso.datetime(),
      /** What somebody can do about it. */
      remedy: z.string(),
    }),
  ),
});
export type Drift = z.infer<typeof driftSchema>;
