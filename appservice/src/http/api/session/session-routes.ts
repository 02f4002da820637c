import type { RequestHandler, Router } from 'express';
import { openIdTokenSchema, type Session } from '#contract/api.ts';
import { createRouter, defineRoute } from '../../define-route.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { refuseMethod } from '../refusals.ts';
import { parseInput } from '../parse-input.ts';
import type { RateLimits } from '../rate-limits.ts';
import { callerOf } from './authentication.ts';
import { sessionLifetimeMs, type Sessions } from './sessions.ts';
import { userOfOpenIdToken } from './user-of-openid-token.ts';

/** `POST` opens a session, `DELETE` ends the one that asks. */
export function createSessionRoutes(
  { serverName, openId, people }: ApiDependencies,
  sessions: Sessions,
  authenticate: RequestHandler,
  limits: RateLimits,
): Router {
  const openSession: RequestHandler = async (request, response) => {
    const userId = await userOfOpenIdToken(parseInput(openIdTokenSchema, request.body), serverName, openId);
    const session: Session = {
      token: await sessions.open(userId),
      expiresInMs: sessionLifetimeMs,
      person: people().person(userId),
      roles: [...people().rolesOf(userId)],
    };
    response.status(201).json(session);
  };
  const endSession: RequestHandler = async (_request, response) => {
    await sessions.end(callerOf(response).token);
    response.status(204).end();
  };
  const router = createRouter();
  const handlers = { post: [limits.sessionsPerAddress, openSession], delete: [authenticate, endSession] };
  defineRoute(router, '/session', handlers, refuseMethod);
  return router;
}
