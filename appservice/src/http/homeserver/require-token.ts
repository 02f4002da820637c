import type { RequestHandler } from 'express';
import { bearerTokenOf, isSameToken } from '../bearer-token.ts';
import { sendMatrixError } from './matrix-error.ts';

/**
 * Lets only requests pass that carry the token in the `Authorization` header (application service API,
 * "Authorization"): 401 without one, 403 with a wrong one. Comes before any body is read.
 */
export function createTokenCheck(expected: string): RequestHandler {
  return (request, response, next) => {
    const token = bearerTokenOf(request.headers.authorization);
    if (token === null) sendMatrixError(response, 401, 'M_UNAUTHORIZED', 'Missing token');
    else if (!isSameToken(token, expected)) sendMatrixError(response, 403, 'M_FORBIDDEN', 'Bad token');
    else next();
  };
}
