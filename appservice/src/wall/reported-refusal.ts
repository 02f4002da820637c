/** What the rules inside the homeserver refused and report (synapse-config/modules/landbote_wall/rules.py). */
import { z } from 'zod';

export const reportedRuleSchema = z.enum([
  'power.creator-only',
  'server.not-listed',
  'redaction.of-state',
  'membership.creator-only',
  'state.creator-only',
  'pusher.nobody',
  'account.closed',
]);
export type ReportedRule = z.infer<typeof reportedRuleSchema>;

/** Both identifiers come from what was refused, so they need not be well-formed. Pushers belong to no room. */
export const reportedRefusalSchema = z.strictObject({
  rule: reportedRuleSchema,
  attacker: z.string().max(255),
  room: z.string().max(255).nullable(),
});
export type ReportedRefusal = z.infer<typeof reportedRefusalSchema>;
