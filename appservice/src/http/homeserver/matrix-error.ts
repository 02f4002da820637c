import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { problemFromError } from '../problem-from-error.ts';

type MatrixErrorCode =
  | 'M_FORBIDDEN'
  | 'M_UNAUTHORIZED'
  | 'M_UNRECOGNIZED'
  | 'M_NOT_FOUND'
  | 'M_NOT_JSON'
  | 'M_BAD_JSON'
  | 'M_TOO_LARGE'
  | 'M_UNKNOWN';

/** A standard error answer (client-server API, "Standard error response"). */
export function sendMatrixError(response: Response, status: number, errcode: MatrixErrorCode, error: string): void {
  response.status(status).json({ errcode, error });
}

export const refuseRoute: RequestHandler = (_request, response) => {
  sendMatrixError(response, 404, 'M_UNRECOGNIZED', 'Unrecognized request');
};

export const refuseMethod: RequestHandler = (_request, response) => {
  sendMatrixError(response, 405, 'M_UNRECOGNIZED', 'Unrecognized request method');
};

/** Answers what the body parser or a handler threw. The homeserver sends a transaction again after a 500. */
export function createMatrixErrorMiddleware(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const { code, message, options } = problemFromError(error);
    if (response.headersSent) next(error);
    else if (code === 'request.too-large') sendMatrixError(response, 413, 'M_TOO_LARGE', message);
    else if (code === 'request.not-json') sendMatrixError(response, options.status ?? 415, 'M_NOT_JSON', message);
    else if (code === 'request.invalid') sendMatrixError(response, 400, 'M_UNKNOWN', message);
    else {
      logger.error({ err: error }, 'a request of the homeserver failed');
      sendMatrixError(response, 500, 'M_UNKNOWN', 'Internal error');
    }
  };
}
