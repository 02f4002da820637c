import type { RequestHandler } from 'express';

const preflightSecondsMax = 7_200;

/**
 * Cross-origin access (the Fetch standard's CORS protocol) for exactly the client's origins. Credentials are never
 * allowed: the session token travels in a header that only our client sets.
 */
export function createCrossOrigin(clientOrigins: readonly string[]): RequestHandler {
  const allowedOrigins = new Set(clientOrigins);
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.headers.origin;
    const isAllowed = origin !== undefined && allowedOrigins.has(origin);
    if (isAllowed) {
      response.set('Access-Control-Allow-Origin', origin);
      response.set('Access-Control-Expose-Headers', 'ETag, Retry-After');
    }
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    if (isAllowed) {
      response.set('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
      response.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-Match');
      response.set('Access-Control-Max-Age', String(preflightSecondsMax));
    }
    response.status(204).end();
  };
}
