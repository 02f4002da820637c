import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { createRequestLog } from '../../request-log.ts';
import { createErrorMiddleware } from '../error-middleware.ts';
import { refuseRoute } from '../refusals.ts';
import { createHealthRoutes } from './health-routes.ts';

/** What an instance answers while another one leads: it lives and is not ready, so proxies turn to the other. */
export function createStandbyApi(logger: Logger): Express {
  const app = express();
  app.use(createRequestLog(logger));
  app.use(createHealthRoutes({ progress: () => ({ state: 'standby', done: 0, total: 0 }) }));
  app.use(refuseRoute, createErrorMiddleware(logger));
  return app;
}
