/**
 * Requests and answers of the appservice's HTTP API under `/api/v1`, shared with the client.
 *
 * | request                             | body                      | answer                |
 * | ----------------------------------- | ------------------------- | --------------------- |
 * | `POST /api/v1/session`              | `openIdTokenSchema`       | `sessionSchema`       |
 * | `DELETE /api/v1/session`            | –                         | 204                   |
 * | `GET /api/v1/domain`                | –                         | `domainSchema`        |
 * | `GET /api/v1/people?query=&limit=`  | `peopleQuerySchema`       | `peopleSchema`        |
 * | `POST /api/v1/people/lookup`        | `peopleLookupSchema`      | `peopleSchema`        |
 * | `POST /api/v1/conversations`        | `newConversationSchema`   | `conversationSchema`  |
 *
 * What administers the organisation stands in governance.ts. All but the first want `Authorization: Bearer <session token>`. Errors are problem details (problem.ts).
 */
import { z } from 'zod';
import { groupNameLengthMax, groupPeopleMax } from './group-limits.ts';
import { roomIdSchema, serverNameSchema, slugSchema, userIdSchema } from './ids.ts';
import { roleSchema } from './organisation.ts';
import { receiptsSchema, roomClassNameSchema } from './room-class.ts';

/** What `POST /_matrix/client/v3/user/{userId}/openid/request_token` answers. */
export const openIdTokenSchema = z.object({
  access_token: z.string().min(1).max(1024),
  matrix_server_name: serverNameSchema,
});

export const personSummarySchema = z.object({
  userId: userIdSchema,
  name: z.string(),
  /** The body's id; its names are in `domainSchema`. */
  body: slugSchema,
  unit: z.object({ id: slugSchema, name: z.string() }).nullable(),
  function: z.string().nullable(),
  posts: z.array(z.string()),
});
export type PersonSummary = z.infer<typeof personSummarySchema>;

export const sessionSchema = z.object({
  token: z.string(),
  expiresInMs: z.int().positive(),
  person: personSummarySchema.nullable(),
  roles: z.array(roleSchema),
});
export type Session = z.infer<typeof sessionSchema>;

export const domainSchema = z.object({
  id: slugSchema,
  name: z.string(),
  servers: z.array(z.object({ name: serverNameSchema, operator: z.string(), location: z.string() })),
  /** Other trust domains with which there can be joint rooms, by their homeservers. */
  partners: z.array(z.object({ server: serverNameSchema, name: z.string() })),
  bodies: z.array(
    z.object({
      id: slugSchema,
      short: z.string(),
      name: z.string(),
      label: z.string().nullable(),
      server: serverNameSchema,
    }),
  ),
  roomClasses: z.array(
    z.object({
      name: roomClassNameSchema,
      title: z.string(),
      purpose: z.string(),
      historyVisibility: z.enum(['invited', 'joined']),
      posting: z.enum(['everyone', 'named']),
      retentionDays: z.int().nullable(),
      receipts: receiptsSchema.default('private'),
    }),
  ),
});
export type Domain = z.infer<typeof domainSchema>;

export const peopleQuerySchema = z.object({
  /** Words that each must begin a word of name, body, unit, function or post. Empty: the caller's own unit. */
  query: z.string().trim().max(100).default(''),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export const peopleLookupSchema = z.strictObject({ userIds: z.array(userIdSchema).min(1).max(200) });

export const peopleSchema = z.object({ people: z.array(personSummarySchema), total: z.int() });
export type People = z.infer<typeof peopleSchema>;

export const newConversationSchema = z.discriminatedUnion('class', [
  z.strictObject({ class: z.literal('direkt'), with: userIdSchema }),
  z.strictObject({
    class: z.literal('gruppe'),
    name: z.string().trim().min(1).max(groupNameLengthMax),
    people: z.array(userIdSchema).min(1).max(groupPeopleMax),
  }),
]);
export type NewConversation = z.infer<typeof newConversationSchema>;

/** `created` is false when the direct chat existed already. */
export const conversationSchema = z.object({ roomId: roomIdSchema, created: z.boolean() });
export type Conversation = z.infer<typeof conversationSchema>;
