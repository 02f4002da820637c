import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { z } from 'zod';

const loggedRequestSchema = z.object({ id: z.string(), method: z.string(), url: z.string() });

/**
 * One line a request: id, method, path, status and time. Neither headers (tokens) nor the query (what people search
 * for) nor addresses of people.
 */
export function createRequestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: () => randomUUID(),
    // Whoever waits for the appservice asks ten times a second; 503 is the answer they wait with, and no failure.
    autoLogging: { ignore: ({ url }) => url === '/live' || url === '/ready' },
    customLogLevel: (_request, response, error) => levelOf(response.statusCode, error),
    serializers: {
      req: (request: unknown) => {
        const { id, method, url } = loggedRequestSchema.parse(request);
        return { id, method, path: url.split('?', 1)[0] };
      },
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}

function levelOf(status: number, error: Error | undefined): 'error' | 'info' | 'debug' {
  if (status >= 500 || error !== undefined) return 'error';
  return status >= 400 ? 'info' : 'debug';
}
