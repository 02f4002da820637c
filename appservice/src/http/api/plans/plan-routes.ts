import type { RequestHandler, Router } from 'express';
import { planDigestParametersSchema, type PlanSummary } from '#contract/governance.ts';
import { plannedChangesQuerySchema } from '#contract/planned-change.ts';
import type { ApprovalRefusal } from '#appservice/apply/approval.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireFreshSignIn, requireRole } from '../session/authentication.ts';

const refusalDetails: Readonly<Record<ApprovalRefusal, string>> = {
  'plan.unknown': 'No plan has this digest.',
  'plan.stale': 'The declaration or the rooms have changed since the plan was computed.',
  'plan.refused': 'The plan would do what must never happen, whoever approves it. Its summary says what.',
  'plan.expired': 'The plan has waited for more than seven days.',
  'plan.not-awaiting-approval': 'The plan was decided already.',
  'role.missing': 'Who wrote a change may not approve it.',
  'scope.exceeded': 'Your role holds at none of the places that the plan concerns.',
};

/**
 * `GET /plans` lists; below `/plans/{digest}`: what it concerns, its changes, what they ask of the homeserver, and
 * `POST …/approval`, which approves exactly it.
 */
export function createPlanRoutes(
  { people, plans, now }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const listPlans: RequestHandler = async (_request, response) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    response.json({ plans: await plans.list() });
  };
  const readPlan: RequestHandler = async (request, response) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    const { digest } = parseInput(planDigestParametersSchema, request.params);
    response.json(requireKnown(await plans.read(digest)));
  };
  const readChanges: RequestHandler = async (request, response) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    const { digest } = parseInput(planDigestParametersSchema, request.params);
    const page = parseInput(plannedChangesQuerySchema, request.query);
    response.json({ changes: requireKnown(await plans.changes(digest, page)) });
  };
  const readRequests: RequestHandler = async (request, response) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    const { digest } = parseInput(planDigestParametersSchema, request.params);
    const { after, limit } = parseInput(plannedChangesQuerySchema, request.query);
    response.json({ requests: requireKnown(await plans.requests(digest)).slice(after, after + limit) });
  };
  const approvePlan: RequestHandler = async (request, response) => {
    const approver = requireRole(response, people(), ['approver']);
    requireFreshSignIn(response, now());
    const { digest } = parseInput(planDigestParametersSchema, request.params);
    response.json(requireApproved(await plans.approve(digest, approver)));
  };
  const router = createRouter();
  const guards = [authenticate, actsPerPerson];
  defineRoute(router, '/plans', { get: [...guards, listPlans] }, refuseMethod);
  defineRoute(router, '/plans/:digest', { get: [...guards, readPlan] }, refuseMethod);
  defineRoute(router, '/plans/:digest/changes', { get: [...guards, readChanges] }, refuseMethod);
  defineRoute(router, '/plans/:digest/requests', { get: [...guards, readRequests] }, refuseMethod);
  defineRoute(router, '/plans/:digest/approval', { post: [...guards, approvePlan] }, refuseMethod);
  return router;
}

function requireKnown<Known>(found: Known | null): Known {
  if (found === null) throw new ProblemError('plan.unknown', refusalDetails['plan.unknown']);
  return found;
}

function requireApproved(outcome: PlanSummary | ApprovalRefusal): PlanSummary {
  if (typeof outcome !== 'string') return outcome;
  throw new ProblemError(outcome, refusalDetails[outcome]);
}
