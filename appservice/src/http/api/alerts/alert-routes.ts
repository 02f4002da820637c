import type { Request, RequestHandler, Router } from 'express';
import { alertPathSchema, alertReceiptSchema } from '#contract/alert-receipts.ts';
import type { Alert } from '#appservice/alerts/alert-records.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import { ProblemError } from '../../problem-error.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requirePerson } from '../session/authentication.ts';

/** Receipts of alerts: everybody’s own go in, the sender reads all. */
export function createAlertRoutes(
  { people, alerts }: ApiDependencies,
  authenticate: RequestHandler,
  { receiptsPerPerson }: RateLimits,
): Router {
  const record: RequestHandler = async (request, response) => {
    const { userId } = requirePerson(response, people());
    const receipt = parseInput(alertReceiptSchema, request.body);
    if ((await alerts.record(alertIn(request), receipt, userId)) !== null) refuse();
    response.status(204).end();
  };
  const read: RequestHandler = async (request, response) => {
    const { userId } = requirePerson(response, people());
    const receipts = await alerts.read(alertIn(request), userId);
    response.json({ receipts: receipts === 'alert.unknown' ? refuse() : receipts });
  };
  const router = createRouter();
  const before = [authenticate, receiptsPerPerson];
  defineRoute(
    router,
    '/alerts/:room/:event/receipts',
    { get: [...before, read], post: [...before, record] },
    refuseMethod,
  );
  return router;
}

function alertIn({ params }: Request): Alert {
  const { room: roomId, event: eventId } = parseInput(alertPathSchema, params);
  return { roomId, eventId };
}

function refuse(): never {
  throw new ProblemError('alert.unknown', 'There is no such message in a room of yours.');
}
