/**
 * Rate limits, counted in memory a minute at a time. People search is strict, because one stolen session must not
 * read the whole directory out; sign-in is generous, because a station's shift starts behind one address.
 */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ProblemError } from '../problem-error.ts';
import { callerOf } from './session/authentication.ts';

const windowMs = 60_000;

export interface RateLimits {
  readonly sessionsPerAddress: RequestHandler;
  readonly searchesPerPerson: RequestHandler;
  readonly lookupsPerPerson: RequestHandler;
  readonly conversationsPerPerson: RequestHandler;
  /** What administers the organisation, all together: every refusal of it leaves a row in the audit trail. */
  readonly actsPerPerson: RequestHandler;
}

/** Fresh counters, so that two APIs in one process do not share them. */
export function createRateLimits(): RateLimits {
  return {
    sessionsPerAddress: limit(120, ({ ip }) => ipKeyGenerator(ip ?? '')),
    searchesPerPerson: limit(60, byCaller),
    lookupsPerPerson: limit(60, byCaller),
    conversationsPerPerson: limit(30, byCaller),
    actsPerPerson: limit(120, byCaller),
  };
}

function limit(requestsMax: number, keyGenerator: (request: Request, response: Response) => string): RequestHandler {
  return rateLimit({
    windowMs,
    limit: requestsMax,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      next(new ProblemError('rate.limited', `More than ${requestsMax} requests a minute.`));
    },
  });
}

/** By person, not by session: a second session must not double what one person may ask. */
function byCaller(_request: Request, response: Response): string {
  return callerOf(response).userId;
}
