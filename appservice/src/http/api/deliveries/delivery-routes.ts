import type { RequestHandler, Router } from 'express';
import { deliveriesQuerySchema } from '#contract/deliveries.ts';
import type { Role } from '#contract/organisation.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requireRole } from '../session/authentication.ts';

const readers: readonly Role[] = ['auditor', 'data-protection'];

/** The delivery ledger for auditors and data protection. */
export function createDeliveryRoutes(
  { people, deliveries }: ApiDependencies,
  authenticate: RequestHandler,
  { actsPerPerson }: RateLimits,
): Router {
  const read: RequestHandler = async (request, response) => {
    const reader = requireRole(response, people(), readers);
    response.json(await deliveries.read(parseInput(deliveriesQuerySchema, request.query), reader));
  };
  const verify: RequestHandler = async (_request, response) => {
    response.json(await deliveries.verify(requireRole(response, people(), readers)));
  };
  const router = createRouter();
  const guards = [authenticate, actsPerPerson];
  defineRoute(router, '/deliveries', { get: [...guards, read] }, refuseMethod);
  defineRoute(router, '/deliveries/verification', { get: [...guards, verify] }, refuseMethod);
  return router;
}
