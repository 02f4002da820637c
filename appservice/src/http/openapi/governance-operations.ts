/** Plans, revisions and the organisation itself. */
import { z } from 'zod';
import {
  comparisonQuerySchema,
  comparisonSchema,
  planDetailSchema,
  planDigestParametersSchema,
  planSummarySchema,
  plansSchema,
  proposalSchema,
  revisionParametersSchema,
  revisionSchema,
  revisionsSchema,
} from '#contract/governance.ts';
import { draftSchema } from '#contract/draft.ts';
import { organisationSchema, type Role } from '#contract/organisation.ts';
import { plannedChangesQuerySchema, plannedChangesSchema, plannedRequestsSchema } from '#contract/planned-change.ts';
import { answerOf, type Operation } from './operation.ts';

const readers: readonly Role[] = ['provisioner', 'approver', 'auditor'];
const etagHeader = z.object({ ETag: z.string().meta({ description: 'Names exactly this organisation.' }) });
const ifMatchHeader = z.object({
  'If-Match': z
    .string()
    .regex(/^"[0-9a-f]{64}"$/)
    .meta({ description: 'The ETag of what is changed.' }),
});

export const governanceOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/plans',
    summary: 'Lists all plans, the newest first.',
    access: readers,
    answers: answerOf('The plans.', plansSchema),
  },
  {
    method: 'get',
    path: '/api/v1/plans/{digest}',
    summary: 'Tells what a plan concerns, who has approved it and who is missing.',
    access: readers,
    parameters: { path: planDigestParametersSchema },
    answers: answerOf('The plan.', planDetailSchema),
    refusals: ['plan.unknown'],
  },
  {
    method: 'get',
    path: '/api/v1/plans/{digest}/changes',
    summary: 'Lists what a plan does, change by change: what is, what will be, why, and its risk.',
    access: readers,
    parameters: { path: planDigestParametersSchema, query: plannedChangesQuerySchema },
    answers: answerOf('The changes, in the order in which they are carried out.', plannedChangesSchema),
    refusals: ['plan.unknown'],
  },
  {
    method: 'get',
    path: '/api/v1/plans/{digest}/requests',
    summary: 'Lists what carrying the plan out would ask of the homeserver, without asking it.',
    access: readers,
    parameters: { path: planDigestParametersSchema, query: plannedChangesQuerySchema },
    answers: answerOf(
      'The requests in their order; rooms that the plan creates have made-up ids.',
      plannedRequestsSchema,
    ),
    refusals: ['plan.unknown'],
  },
  {
    method: 'post',
    path: '/api/v1/plans/{digest}/approval',
    summary: 'Approves exactly this plan, by a sign-in of the last five minutes.',
    access: ['approver'],
    parameters: { path: planDigestParametersSchema },
    answers: answerOf('The plan: in force, or waiting for approvers of other places.', planSummarySchema),
    refusals: [
      'session.not-fresh',
      'scope.exceeded',
      'plan.unknown',
      'plan.stale',
      'plan.refused',
      'plan.expired',
      'plan.not-awaiting-approval',
      'homeserver.unavailable',
    ],
  },
  {
    method: 'get',
    path: '/api/v1/organisation',
    summary: 'Answers the organisation in force.',
    access: readers,
    answers: [{ status: 200, description: 'The whole declaration.', content: organisationSchema, headers: etagHeader }],
  },
  {
    method: 'put',
    path: '/api/v1/organisation',
    summary: 'Proposes another organisation in place of the one that "If-Match" names.',
    access: ['provisioner'],
    parameters: { header: ifMatchHeader },
    body: organisationSchema,
    answers: answerOf('The revision and its plan, which wait for approval.', proposalSchema, 202),
    refusals: ['organisation.invalid', 'revision.stale', 'revision.waiting', 'revision.base-missing', 'scope.exceeded'],
  },
  {
    method: 'get',
    path: '/api/v1/organisation/draft',
    summary: 'Drafts an organisation from what the homeserver has, and tells what people must look at.',
    access: ['provisioner'],
    answers: answerOf('A draft that may be proposed when it was corrected; nothing changes by it.', draftSchema),
    refusals: ['scope.exceeded', 'homeserver.unavailable'],
  },
  {
    method: 'get',
    path: '/api/v1/revisions',
    summary: 'Lists all revisions, the newest first.',
    access: readers,
    answers: answerOf('The revisions.', revisionsSchema),
  },
  {
    method: 'get',
    path: '/api/v1/revisions/comparison',
    summary: 'Compares any two revisions item by item.',
    access: readers,
    parameters: { query: comparisonQuerySchema },
    answers: answerOf('What differs.', comparisonSchema),
    refusals: ['revision.unknown'],
  },
  {
    method: 'get',
    path: '/api/v1/revisions/{number}',
    summary: 'Answers one revision with its whole organisation.',
    access: readers,
    parameters: { path: revisionParametersSchema },
    answers: answerOf('The revision.', revisionSchema),
    refusals: ['revision.unknown'],
  },
  {
    method: 'post',
    path: '/api/v1/revisions/{number}/withdrawal',
    summary: 'Takes a waiting revision back.',
    access: ['provisioner'],
    parameters: { path: revisionParametersSchema },
    answers: [{ status: 204, description: 'It waits no longer.' }],
    refusals: ['revision.unknown', 'revision.not-waiting', 'scope.exceeded'],
  },
];
