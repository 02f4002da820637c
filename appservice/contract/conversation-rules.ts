/** Who may start conversations with whom, as a trust domain declares it (docs/organisation.md, "Who may write to whom"). */
import { z } from 'zod';
import { slugSchema } from './ids.ts';

/** Everybody of a role, or only those of it who belong to the same body as whoever starts. */
const reachedRoleSchema = z.union([
  slugSchema,
  z.strictObject({ role: slugSchema, within: z.literal('own-body', 'expected own-body') }),
]);
export type ReachedRole = z.infer<typeof reachedRoleSchema>;

/** Whom people of a role reach, by the class of the conversation. An empty list: nobody. */
const reachSchema = z.strictObject({
  direkt: z.array(reachedRoleSchema),
  gruppe: z.array(reachedRoleSchema),
});

export const conversationRulesSchema = z.strictObject({
  /** The role of everybody who is given none. */
  otherwise: slugSchema,
  roles: z.record(slugSchema, reachSchema),
});
export type ConversationRules = z.infer<typeof conversationRulesSchema>;
