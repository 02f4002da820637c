/**
 * Requests and answers that administer the organisation, under `/api/v1`: revisions, plans, approvals and the audit
 * trail. What each takes and answers stands in `/openapi.json`, which is made of these schemas.
 */
import { z } from 'zod';
import { userIdSchema } from './ids.ts';
import { organisationSchema } from './organisation.ts';

/** `*` for the whole trust domain, otherwise `<body>/<unit>/<unit below it>`. */
const placeSchema = z.string();

export const planSummarySchema = z.object({
  digest: z.string(),
  revision: z.int(),
  state: z.enum(['awaiting-approval', 'applying', 'applied', 'incomplete', 'superseded']),
  /** The plan in words, one line a group of changes. */
  summary: z.array(z.string()),
  /** The same in numbers, by kind of change. `people` is 0 where a change concerns nobody in particular. */
  effects: z.array(z.object({ kind: z.string(), changes: z.int(), rooms: z.int(), people: z.int() })),
  changes: z.int(),
  /** Whether it may be carried out, once it is approved or because it is. */
  applyable: z.boolean(),
  /** Whether nothing is left to do after it; false if people of other homeservers must be invited, who answer later. */
  complete: z.boolean(),
  /** Whether it would do what must never happen: then nobody can approve it. */
  errored: z.boolean(),
  /** Which gates forbid it, and why. */
  refusals: z.array(z.object({ gate: z.string(), message: z.string() })),
  createdAt: z.iso.datetime(),
});
export type PlanSummary = z.infer<typeof planSummarySchema>;

export const planDigestParametersSchema = z.object({
  digest: z.string().regex(/^[a-z0-9:-]{8,128}$/, 'expected the digest of a plan'),
});

export const plansSchema = z.object({ plans: z.array(planSummarySchema) });

/** One thing that a revision declares otherwise than the one before. */
const differenceSchema = z.object({
  /** `person/anna.leit`, `room/hkm/schulen` */
  key: z.string(),
  kind: z.enum(['added', 'changed', 'removed']),
  before: z.unknown(),
  after: z.unknown(),
  /** Whom it concerns: for each place an approver must answer. */
  places: z.array(placeSchema).readonly(),
});

/** A plan with what an approver must know; of a plan that was decided the lists are empty. */
export const planDetailSchema = planSummarySchema.extend({
  author: z.string(),
  expiresAt: z.iso.datetime(),
  differences: z.array(differenceSchema).readonly(),
  places: z.array(placeSchema).readonly(),
  approvals: z.array(z.object({ approver: userIdSchema, at: z.iso.datetime() })),
  /** The places for which nobody has approved yet. */
  missing: z.array(placeSchema).readonly(),
});
export type PlanDetail = z.infer<typeof planDetailSchema>;

const revisionSummarySchema = z.object({
  number: z.int(),
  digest: z.string(),
  /** A user id, or `files`. */
  author: z.string(),
  state: z.enum(['awaiting-approval', 'approved', 'superseded']),
  createdAt: z.iso.datetime(),
});
export type RevisionSummary = z.infer<typeof revisionSummarySchema>;

export const revisionsSchema = z.object({ revisions: z.array(revisionSummarySchema) });

export const revisionSchema = revisionSummarySchema.extend({ organisation: organisationSchema });

export const proposalSchema = z.object({
  revision: revisionSummarySchema,
  /** The plan that waits for approval; null if nothing changes or the homeserver could not be read just now. */
  plan: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

export const comparisonSchema = z.object({ differences: z.array(differenceSchema).readonly() });

const sequenceSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** SQL's `integer` holds no larger number. */
const revisionNumberSchema = z.coerce.number().int().min(1).max(2_147_483_647);

export const revisionParametersSchema = z.object({ number: revisionNumberSchema });

export const comparisonQuerySchema = z.object({ from: revisionNumberSchema, to: revisionNumberSchema });

export const auditQuerySchema = z.object({
  /** The number of the last row that is known already. */
  after: sequenceSchema.default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});

const auditRowSchema = z.object({
  sequence: z.int(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof auditRowSchema>;

export const auditRowsSchema = z.object({ rows: z.array(auditRowSchema) });

export const auditVerificationSchema = z.object({ rows: z.int(), firstBadSequence: z.int().nullable() });

export const consistencyQuerySchema = z.object({ from: sequenceSchema, to: sequenceSchema });
export const inclusionQuerySchema = z.object({ sequence: sequenceSchema, size: sequenceSchema });

/** Hashes in base64, in the order of RFC 6962, section 2.1. */
export const auditProofSchema = z.object({ proof: z.array(z.string()) });
