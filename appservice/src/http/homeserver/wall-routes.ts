/**
 * The policy endpoint for synapse-http-antispam: any 2xx allows, any error refuses. So everything that goes wrong here
 * refuses too, and the asking side learns no rule: the answer reaches foreign servers. Beside it the rules inside the
 * homeserver report what they refused.
 */
import express, { type ErrorRequestHandler, type RequestHandler, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { reportedRefusalSchema } from '#appservice/wall/reported-refusal.ts';
import { isWallCallback } from '#appservice/wall/wall-request.ts';
import { createRouter, defineRoute } from '../define-route.ts';
import type { HomeserverAppDependencies } from './dependencies.ts';
import { refuseMethod, sendMatrixError } from './matrix-error.ts';
import type { HomeserverMetrics } from './metrics.ts';
import { createTokenCheck } from './require-token.ts';

/** An invitation's stripped state may hold some whole events of 64 KB. */
const bodyBytesMax = 2 * 1024 * 1024;

export function createWallRoutes(
  { wall, wallToken, logger }: HomeserverAppDependencies,
  metrics: HomeserverMetrics,
): Router {
  const decide: RequestHandler = async (request, response) => {
    const callback = String(request.params['callback']);
    if (!isWallCallback(callback)) {
      sendMatrixError(response, 404, 'M_UNRECOGNIZED', 'Unrecognized request');
      return;
    }
    const stopTimer = metrics.wallSeconds.startTimer();
    const decision = await wall.judge(callback, request.body);
    stopTimer();
    metrics.wallDecisions.inc({ callback, outcome: decision.isAllowed ? 'allowed' : decision.rule });
    if (decision.isAllowed) response.json({});
    else refuse(response);
  };
  const takeReport: RequestHandler = async (request, response) => {
    const refusal = reportedRefusalSchema.safeParse(request.body);
    if (!refusal.success) {
      sendMatrixError(response, 400, 'M_BAD_JSON', refusal.error.message);
      return;
    }
    metrics.wallDecisions.inc({ callback: 'rules', outcome: refusal.data.rule });
    await wall.takeReport(refusal.data);
    response.json({});
  };
  const router = createRouter();
  const parseJson = express.json({ limit: bodyBytesMax, inflate: false, type: () => true });
  const guards = [createTokenCheck(wallToken), parseJson];
  defineRoute(router, '/wall/refusals', { post: [...guards, takeReport] }, refuseMethod);
  defineRoute(router, '/wall/:callback', { post: [...guards, decide] }, refuseMethod);
  router.use('/wall', createFailClosed(logger));
  return router;
}

function refuse(response: Response): void {
  sendMatrixError(response, 403, 'M_FORBIDDEN', 'Not allowed on this homeserver');
}

/** A question that could not be read or decided is refused like any other. */
function createFailClosed(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    logger.error({ err: error }, 'the policy refused, because it could not decide');
    if (response.headersSent) next(error);
    else refuse(response);
  };
}
