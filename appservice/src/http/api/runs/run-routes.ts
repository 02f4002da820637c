import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';
import { streamRun } from './stream-run.ts';

const parametersSchema = z.object({ run: z.uuid() });

/** Runs to read, to follow, to cancel and to resume; drift that was only reported, and its repair. */
export function createRunRoutes({ people, runs }: ApiDependencies, authenticate: RequestHandler): Router {
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
    const run = runOf(request.params);
    if (!(await runs.cancel(run, actor))) await refuseState(run, 'run.not-running', 'The run is not under way.');
    response.status(202).json({});
  };
  const resumeRun: RequestHandler = async (request, response) => {
    const actor = requireRole(response, people(), ['provisioner', 'approver']);
    const run = runOf(request.params);
    if (!(await runs.resume(run, actor))) await refuseState(run, 'run.not-cancelled', 'Nobody cancelled the run.');
    response.status(202).json({});
  };
  const listDrift: RequestHandler = async (_request, response) => {
    response.json(await runs.drift());
  };
  const repairDrift: RequestHandler = async (_request, response) => {
    await runs.repairReported(requireRole(response, people(), ['approver']));
    response.status(202).json({});
  };

  async function refuseState(run: string, code: 'run.not-cancelled' | 'run.not-running', detail: string) {
    if ((await runs.report(run)) === null) refuseUnknown();
    throw new ProblemError(code, detail);
  }

  const router = createRouter();
  defineRoute(router, '/runs', { get: [authenticate, asReader, listRuns] }, refuseMethod);
  defineRoute(router, '/runs/:run', { get: [authenticate, asReader, showRun] }, refuseMethod);
  defineRoute(router, '/runs/:run/events', { get: [authenticate, asReader, followRun] }, refuseMethod);
  defineRoute(router, '/runs/:run/cancellation', { post: [authenticate, cancelRun] }, refuseMethod);
  defineRoute(router, '/runs/:run/resumption', { post: [authenticate, resumeRun] }, refuseMethod);
  defineRoute(router, '/drift', { get: [authenticate, asReader, listDrift] }, refuseMethod);
  defineRoute(router, '/drift/repair', { post: [authenticate, repairDrift] }, refuseMethod);
  return router;
}

function runOf(parameters: unknown): string {
  return parseInput(parametersSchema, parameters).run;
}

function refuseUnknown(): never {
  throw new ProblemError('run.unknown', 'No run has this id.');
}
