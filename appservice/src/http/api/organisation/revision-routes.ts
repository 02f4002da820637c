import type { RequestHandler, Router } from 'express';
import { comparisonQuerySchema, revisionParametersSchema } from '#contract/governance.ts';
import type { WithdrawalRefusal } from '#appservice/authority/revision-desk.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';

const withdrawalDetails: Readonly<Record<WithdrawalRefusal, string>> = {
  'revision.unknown': 'There is no revision with this number.',
  'revision.not-waiting': 'The revision does not wait for approval.',
  'scope.exceeded': 'The revision is somebody else’s, and your role does not hold where it changes something.',
};

/** Versions of the declaration: a list, each as a whole, two compared, and a waiting one withdrawn. */
export function createRevisionRoutes(
  { people, revisions }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const mayRead: RequestHandler = (_request, response, next) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    next();
  };
  const listRevisions: RequestHandler = async (_request, response) => {
    response.json({ revisions: await revisions.list() });
  };
  const readRevision: RequestHandler = async (request, response) => {
    const { number } = parseInput(revisionParametersSchema, request.params);
    response.json(requireKnown(await revisions.read(number)));
  };
  const compareRevisions: RequestHandler = async (request, response) => {
    const { from, to } = parseInput(comparisonQuerySchema, request.query);
    response.json({ differences: requireKnown(await revisions.compare(from, to)) });
  };
  const withdrawRevision: RequestHandler = async (request, response) => {
    const actor = requireRole(response, people(), ['provisioner']);
    const { number } = parseInput(revisionParametersSchema, request.params);
    const refusal = await revisions.withdraw(number, actor);
    if (refusal !== null) throw new ProblemError(refusal, withdrawalDetails[refusal]);
    response.status(204).end();
  };
  const router = createRouter();
  const guards = [authenticate, actsPerPerson];
  defineRoute(router, '/revisions', { get: [...guards, mayRead, listRevisions] }, refuseMethod);
  defineRoute(router, '/revisions/comparison', { get: [...guards, mayRead, compareRevisions] }, refuseMethod);
  defineRoute(router, '/revisions/:number', { get: [...guards, mayRead, readRevision] }, refuseMethod);
  defineRoute(router, '/revisions/:number/withdrawal', { post: [...guards, withdrawRevision] }, refuseMethod);
  return router;
}

function requireKnown<Found>(found: Found | null): Found {
  if (found === null) throw new ProblemError('revision.unknown', withdrawalDetails['revision.unknown']);
  return found;
}
