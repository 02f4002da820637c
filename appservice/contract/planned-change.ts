/**
 * What a plan does, change by change, as the API shows it: what is, what will be, why, and how much depends on it.
 * The reconciler's own changes are of these types (`Change`), so a new kind cannot be forgotten here.
 */
import { z } from 'zod';
import { roomIdSchema, serverNameSchema, userIdSchema } from './ids.ts';
import { roomClassNameSchema, roomClassSchema } from './room-class.ts';

const explained = {
  /** What is changed: the address of a room or space; for accounts the user id. */
  address: z.string(),
  reason: z.string(),
  risk: z.enum(['low', 'medium', 'high']),
};

/** A room as it will be when it is created. */
const plannedRoomSchema = z.object({
  address: z.string(),
  class: z.union([roomClassNameSchema, z.literal('space')]),
  domain: z.string(),
  body: z.string().nullable(),
  name: z.string().nullable(),
  topic: z.string().nullable(),
  servers: z.array(serverNameSchema).readonly(),
  members: z.array(userIdSchema).readonly(),

  outsiders: z.array(userIdSchema).readonly(),
  posters: z.array(userIdSchema).readonly(),
  rules: roomClassSchema.pick({ historyVisibility: true, posting: true, retentionDays: true }).nullable(),
  children: z.array(z.string()).readonly(),
  parent: z.string().nullable(),
  membership: z.enum(['declared', 'free']),
});

const contentSchema = z.record(z.string(), z.unknown()).readonly();
const membershipSchema = z.enum(['join', 'invite', 'leave', 'ban', 'knock', 'none']);

const accountSchema = z.object({ userId: userIdSchema, displayName: z.string() });

const stateKinds = [
  'SetServerAcl',
  'SetPowerLevels',
  'SetJoinRules',
  'SetHistoryVisibility',
  'SetGuestAccess',
  'SetEncryption',
  'SetRetention',
  'SetName',
  'SetTopic',
] as const;

const ofPerson = { ...explained, userId: userIdSchema };

export const plannedChangeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('RegisterAccount'), ...explained, before: z.null(), after: accountSchema }),
    z.object({ kind: z.literal('CreateRoom'), ...explained, before: z.null(), after: plannedRoomSchema }),
    z.object({ kind: z.enum(stateKinds), ...explained, before: contentSchema.nullable(), after: contentSchema }),
    z.object({
      kind: z.enum(['LinkSpaceParent', 'LinkSpaceChild']),
      ...explained,
      before: z.null(),
      after: z.string(),
    }),
    z.object({
      kind: z.enum(['UnlinkSpaceParent', 'UnlinkSpaceChild']),
      ...explained,
      before: roomIdSchema,
      after: z.null(),
    }),
    z.object({
      kind: z.literal('SetRoster'),
      ...explained,
      before: z.int().nullable(),
      after: z.array(userIdSchema).readonly(),
    }),
    z.object({ kind: z.literal('Invite'), ...ofPerson, before: membershipSchema, after: z.literal('invite') }),
    z.object({ kind: z.literal('Join'), ...ofPerson, before: z.literal('invite'), after: z.literal('join') }),
    z.object({ kind: z.literal('Kick'), ...ofPerson, before: membershipSchema, after: z.literal('leave') }),
    z.object({ kind: z.literal('Ban'), ...ofPerson, before: membershipSchema, after: z.literal('ban') }),
    z.object({ kind: z.literal('Unban'), ...ofPerson, before: z.literal('ban'), after: z.literal('leave') }),
  ])
  .meta({ id: 'PlannedChange' });
export type PlannedChange = z.infer<typeof plannedChangeSchema>;

export const plannedChangesQuerySchema = z.object({
  /** How many changes are known already. */
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});
export type PlannedChangesPage = z.infer<typeof plannedChangesQuerySchema>;

/** In the order in which they are carried out. */
export const plannedChangesSchema = z.object({ changes: z.array(plannedChangeSchema) });

/** What carrying the plan out would ask of the homeserver: a real application of it to one that only writes down. */
export const plannedRequestsSchema = z.object({
  requests: z.array(z.object({ method: z.string(), parameters: z.array(z.unknown()).readonly() })).readonly(),
});
export type PlannedRequests = z.infer<typeof plannedRequestsSchema>;
