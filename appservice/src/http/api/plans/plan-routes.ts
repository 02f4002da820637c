import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { PlanSummary } from '#contract/api.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies, ApprovalRefusal } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';

const parametersSchema = z.object({ digest: z.string().regex(/^[a-z0-9:-]{8,128}$/, 'expected the digest of a plan') });

const refusalDetails: Readonly<Record<ApprovalRefusal, string>> = {
  'plan.unknown': 'No plan has this digest.',
  'plan.stale': 'The declaration or the rooms have changed since the plan was computed.',
  'plan.refused': 'The plan would do what must never happen, whoever approves it. Its summary says what.',
  'plan.not-awaiting-approval': 'The plan was decided already.',
  'role.missing': 'Who wrote a change may not approve it.',
};

/** `GET /plans` lists; `POST /plans/{digest}/approval` approves exactly the plan with that digest. */
export function createPlanRoutes({ people, plans }: ApiDependencies, authenticate: RequestHandler): Router {
  const listPlans: RequestHandler = async (_request, response) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    response.json({ plans: await plans.list() });
  };
  const approvePlan: RequestHandler = async (request, response) => {
    const approver = requireRole(response, people(), ['approver']);
    const { digest } = parseInput(parametersSchema, request.params);
    response.json(requireApproved(await plans.approve(digest, approver)));
  };
  const router = createRouter();
  defineRoute(router, '/plans', { get: [authenticate, listPlans] }, refuseMethod);
  defineRoute(router, '/plans/:digest/approval', { post: [authenticate, approvePlan] }, refuseMethod);
  return router;
}

function requireApproved(outcome: PlanSummary | ApprovalRefusal): PlanSummary {
  if (typeof outcome !== 'string') return outcome;
  throw new ProblemError(outcome, refusalDetails[outcome]);
}
