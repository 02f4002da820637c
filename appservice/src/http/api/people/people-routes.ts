import type { RequestHandler, Router } from 'express';
import { peopleLookupSchema, peopleQuerySchema } from '#contract/api.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { refuseMethod } from '../refusals.ts';
import { requirePerson } from '../session/authentication.ts';

/** `GET /people` searches; `POST /people/lookup` answers the people behind user ids, for instance of a room's members. */
export function createPeopleRoutes(
  { people }: ApiDependencies,
  authenticate: RequestHandler,
  limits: RateLimits,
): Router {
  const searchPeople: RequestHandler = (request, response) => {
    const { userId } = requirePerson(response, people());
    const { query, limit } = parseInput(peopleQuerySchema, request.query);
    response.json(people().search(query, limit, userId));
  };
  const lookUpPeople: RequestHandler = (request, response) => {
    requirePerson(response, people());
    response.json(people().lookup(parseInput(peopleLookupSchema, request.body).userIds));
  };
  const router = createRouter();
  defineRoute(router, '/people', { get: [authenticate, limits.searchesPerPerson, searchPeople] }, refuseMethod);
  defineRoute(router, '/people/lookup', { post: [authenticate, limits.lookupsPerPerson, lookUpPeople] }, refuseMethod);
  return router;
}
