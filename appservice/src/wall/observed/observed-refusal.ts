/** A line of the homeserver's log of refusals (synapse-config/modules/landbote_wall/observed.py). */
import { z } from 'zod';

export const observedRuleSchema = z.enum([
  'whitelist.not-listed',
  'acl.not-listed',
  'event.unauthorised',
  'request.forbidden',
  'request.unauthenticated',
]);
export type ObservedRule = z.infer<typeof observedRuleSchema>;

/** Strangers choose these, so they need not be well-formed. */
const identifierSchema = z.string().max(255).nullable();

const lineSchema = z.strictObject({
  /** Milliseconds since 1970. */
  time: z.int(),
  rule: observedRuleSchema,
  attacker: identifierSchema,
  room: identifierSchema,
});

export type ObservedRefusal = z.infer<typeof lineSchema>;

/** Throws if the line is none of the log. */
export function parseObservedRefusal(line: string): ObservedRefusal {
  return lineSchema.parse(JSON.parse(line));
}
