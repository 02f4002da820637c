/**
 * What the homeserver calls (application service API). A transaction is stored before it is answered, and handed
 * over after: the other way round an event would be lost if the process ended in between.
 */
import express, { type RequestHandler, type Router } from 'express';
import { z } from 'zod';
import { createRouter, defineRoute } from '../define-route.ts';
import type { HomeserverAppDependencies } from './dependencies.ts';
import { storeEvents } from './inbox.ts';
import { refuseMethod, sendMatrixError } from './matrix-error.ts';
import type { HomeserverMetrics } from './metrics.ts';
import { parsePushedEvent, type PushedEvent } from './pushed-event.ts';
import { createTokenCheck } from './require-token.ts';

/** A transaction holds at most 100 events of at most 64 KB each. */
const bodyBytesMax = 10 * 1024 * 1024;

const transactionSchema = z.object({ events: z.array(z.unknown()) });

export function createTransactionRoutes(dependencies: HomeserverAppDependencies, metrics: HomeserverMetrics): Router {
  const router = createRouter();
  const checkToken = createTokenCheck(dependencies.homeserverToken);
  const parseJson = express.json({ limit: bodyBytesMax, inflate: false, type: () => true });
  const prefix = '/_matrix/app/v1';
  const receive = receiveTransaction(dependencies, metrics);
  defineRoute(router, `${prefix}/transactions/:transactionId`, { put: [checkToken, parseJson, receive] }, refuseMethod);
  defineRoute(router, `${prefix}/users/:userId`, { get: [checkToken, answerNotFound] }, refuseMethod);
  defineRoute(router, `${prefix}/rooms/:roomAlias`, { get: [checkToken, answerNotFound] }, refuseMethod);
  defineRoute(router, `${prefix}/ping`, { post: [checkToken, answerEmpty] }, refuseMethod);
  return router;
}

/** People and rooms are made by the reconciler, never because somebody asked for them. */
const answerNotFound: RequestHandler = (_request, response) => {
  sendMatrixError(response, 404, 'M_NOT_FOUND', 'Not provisioned on demand');
};

const answerEmpty: RequestHandler = (_request, response) => {
  response.json({});
};

function receiveTransaction(
  { database, eventsArrived, logger, now }: HomeserverAppDependencies,
  metrics: HomeserverMetrics,
): RequestHandler {
  return async (request, response) => {
    const transaction = transactionSchema.safeParse(request.body);
    if (!transaction.success) {
      sendMatrixError(response, 400, 'M_BAD_JSON', 'Expected an object with a list "events"');
      return;
    }
    const parsed = transaction.data.events.map(parsePushedEvent);
    const events = parsed.filter((event): event is PushedEvent => event !== null);
    const malformed = parsed.length - events.length;
    if (malformed > 0)
      logger.warn({ malformed, transaction: request.params['transactionId'] }, 'set malformed events aside');
    const newEvents = await storeEvents(database, events, now());
    metrics.eventsMalformed.inc(malformed);
    metrics.eventsReceived.inc(newEvents.length);
    response.json({});
    if (newEvents.length > 0) eventsArrived(newEvents);
  };
}
