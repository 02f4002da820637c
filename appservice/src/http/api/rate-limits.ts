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
  /** Each alert leaves a handful, from each of a person's devices; what waited offline comes at once. */
  readonly receiptsPerPerson: RequestHandler;
  /** What administers the organisation, all together: every refusal of it leaves a row in the audit trail. */
  readonly actsPerPerson: RequestHandler;
}

/**
 * Fresh counters, so that two APIs in one process do not share them. `factor`: how many times as much as usual is
 * allowed; tests that send thousands of requests need that.
 */
export function createRateLimits(factor = 1): RateLimits {
  const limit = (requestsMax: number, keyOf: KeyOf): RequestHandler => createLimit(requestsMax * factor, keyOf);
  return {
    sessionsPerAddress: limit(120, ({ ip }) => ipKeyGenerator(ip ?? '')),
    searchesPerPerson: limit(60, byCaller),
    lookupsPerPerson: limit(60, byCaller),
    conversationsPerPerson: limit(30, byCaller),
    receiptsPerPerson: limit(120, byCaller),
    actsPerPerson: limit(120, byCaller),
  };
}

type KeyOf = (request: Request, response: Response) => string;

function createLimit(requestsMax: number, keyGenerator: KeyOf): RequestHandler {
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
