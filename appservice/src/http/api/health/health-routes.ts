import type { RequestHandler, Router } from 'express';
import { createRouter, defineRoute } from '../../define-route.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { refuseMethod } from '../refusals.ts';

/** `/live`: the process answers. `/ready`: the organisation stands; until then 503 with the progress. */
export function createHealthRoutes({ progress }: Pick<ApiDependencies, 'progress'>): Router {
  const answerLive: RequestHandler = (_request, response) => {
    response.json({ state: 'live' });
  };
  const answerReady: RequestHandler = (_request, response) => {
    const now = progress();
    response.status(now.state === 'ready' ? 200 : 503).json(now);
  };
  const router = createRouter();
  defineRoute(router, '/live', { get: [answerLive] }, refuseMethod);
  defineRoute(router, '/ready', { get: [answerReady] }, refuseMethod);
  return router;
}
