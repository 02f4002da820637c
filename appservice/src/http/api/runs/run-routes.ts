import type { RequestHandler, Router } from 'express';
import { runParametersSchema } from '#contract/runs.ts';
import type { RunRefusal } from '#appservice/apply/run-desk.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';
import { streamRun } from './stream-run.ts';

/** Runs to read, to follow, to cancel and to resume; drift that was only reported, and its repair. */
export function createRunRoutes(
  { people, runs }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const asReader: RequestHandler = (_request, response, next) => {
    requireRole(response, people(), ['provisioner', 'approver', 'auditor']);
    next();
  };
  const listRuns: RequestHandler = async (_request, response) => {
    response.json({ runs: await runs.list() });
  };
  const showRun: RequestHandler = async (request, response) => {
    response.json((await runs.report(runOf(request.params))) ?? refuseUnknown());
  };
  const followRun: RequestHandler = async (request, response) => {
    await streamRun(response, (onRun) => runs.watch(runOf(request.params), onRun));
  };
  const cancelRun: RequestHandler = async (request, response) => {
    const actor = requireRole(response, people(), ['provisioner', 'approver']);
    requireDone(await runs.cancel(runOf(request.params), actor));
    response.status(202).json({});
  };
  const resumeRun: RequestHandler = async (request, response) => {
    const actor = requireRole(response, people(), ['provisioner', 'approver']);
    requireDone(await runs.resume(runOf(request.params), actor));
    response.status(202).json({});
  };
  const listDrift: RequestHandler = async (_request, response) => {
    response.json(await runs.drift());
  };
  const repairDrift: RequestHandler = async (_request, response) => {
    requireDone(await runs.repairReported(requireRole(response, people(), ['approver'])));
    response.status(202).json({});
  };

  const guards = [authenticate, actsPerPerson];
  const router = createRouter();
  defineRoute(router, '/runs', { get: [...guards, asReader, listRuns] }, refuseMethod);
  defineRoute(router, '/runs/:run', { get: [...guards, asReader, showRun] }, refuseMethod);
  defineRoute(router, '/runs/:run/events', { get: [...guards, asReader, followRun] }, refuseMethod);
  defineRoute(router, '/runs/:run/cancellation', { post: [...guards, cancelRun] }, refuseMethod);
  defineRoute(router, '/runs/:run/resumption', { post: [...guards, resumeRun] }, refuseMethod);
  defineRoute(router, '/drift', { get: [...guards, asReader, listDrift] }, refuseMethod);
  defineRoute(router, '/drift/repair', { post: [...guards, repairDrift] }, refuseMethod);
  return router;
}

function runOf(parameters: unknown): string {
  return parseInput(runParametersSchema, parameters).run;
}

const refusalDetails: Readonly<Record<RunRefusal, string>> = {
  'run.unknown': 'No run has this id.',
  'run.not-running': 'The run is not under way.',
  'run.not-cancelled': 'Nobody cancelled the run.',
  'scope.exceeded': 'Your role does not hold at everything that this concerns.',
};

function requireDone(refusal: RunRefusal | null): void {
  if (refusal !== null) throw new ProblemError(refusal, refusalDetails[refusal]);
}

function refuseUnknown(): never {
  throw new ProblemError('run.unknown', refusalDetails['run.unknown']);
}
