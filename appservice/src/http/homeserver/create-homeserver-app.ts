/**
 * What the homeserver and the operators' network reach, and nobody else: transactions, policy, metrics.
 */
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import { createRequestLog } from '../request-log.ts';
import type { HomeserverAppDependencies } from './dependencies.ts';
import { createMatrixErrorMiddleware, refuseRoute } from './matrix-error.ts';
import { createHomeserverMetrics } from './metrics.ts';
import { createTransactionRoutes } from './transaction-routes.ts';
import { createWallRoutes } from './wall-routes.ts';

/** Builds the app without listening. */
export function createHomeserverApp(dependencies: HomeserverAppDependencies): Express {
  const metrics = createHomeserverMetrics(dependencies.metrics);
  const app = express();
  app.disable('etag');
  app.use(createRequestLog(dependencies.logger), helmet());
  app.use(createTransactionRoutes(dependencies, metrics));
  app.use(createWallRoutes(dependencies, metrics));
  app.get('/metrics', answerMetrics(dependencies.metrics));
  app.use(refuseRoute, createMatrixErrorMiddleware(dependencies.logger));
  return app;
}

function answerMetrics(registry: Registry): RequestHandler {
  return async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  };
}
