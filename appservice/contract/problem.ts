/**
 * Errors of the HTTP API: RFC 9457 problem details with a stable code, a sentence for people and a remedy.
 */
import { z } from 'zod';

/** Every code has its entry in docs/errors.md. */
export const problemCodeSchema = z.enum([
  'request.invalid',
  'request.too-large',
  'request.not-json',
  'route.unknown',
  'route.method-not-allowed',
  'session.missing',
  'session.invalid',
  'session.openid-refused',
  'session.not-fresh',
  'role.missing',
  'scope.exceeded',
  'person.unknown',
  'person.outside-domain',
  'conversation.too-many-people',
  'conversation.refused-by-policy',
  'plan.unknown',
  'plan.stale',
  'plan.refused',
  'plan.not-awaiting-approval',
  'room.unknown',
  'moderation.refused',
  'run.unknown',
  'run.not-running',
  'run.not-cancelled',
  'plan.expired',
  'revision.unknown',
  'revision.stale',
  'revision.waiting',
  'revision.base-missing',
  'revision.not-waiting',
  'organisation.invalid',
  'agreement.unknown',
  'agreement.invalid',
  'agreement.stale',
  'agreement.over',
  'agreement.consented-already',
  'partner.unknown',
  'alert.unknown',
  'audit.no-such-tree',
  'rate.limited',
  'homeserver.unavailable',
  'internal',
]);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: problemCodeSchema,
    /** What happened, for the person in front of the screen. */
    detail: z.string(),
    /** What to do about it. */
    remedy: z.string(),
    /** Quotable id of this one failure; also in the log. */
    instance: z.string(),
    /** All problems of an input, each with its path. */
    problems: z.array(z.object({ path: z.string(), message: z.string(), remedy: z.string().optional() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
