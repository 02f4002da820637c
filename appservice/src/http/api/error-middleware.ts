import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Response } from 'express';
import type { Problem } from '#contract/problem.ts';
import type { Logger } from 'pino';
import { problemCatalogue } from '../problem-catalogue.ts';
import type { ProblemError } from '../problem-error.ts';
import { problemFromError } from '../problem-from-error.ts';

/**
 * The one place that answers errors: a problem detail (RFC 9457) with an id that also stands in the log. The cause
 * stays in the log.
 */
export function createErrorMiddleware(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const problem = problemFromError(error);
    const body = describeProblem(problem);
    logProblem(logger, body, problem);
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, body, problem.options.retryAfterMs);
  };
}

function describeProblem({ code, message, options }: ProblemError): Problem {
  const { status, title, remedy } = problemCatalogue[code];
  return {
    type: `urn:landbote:problem:${code}`,
    title,
    status: options.status ?? status,
    code,
    detail: message,
    remedy,
    instance: `urn:uuid:${randomUUID()}`,
    ...(options.problems === undefined ? {} : { problems: [...options.problems] }),
  };
}

function logProblem(logger: Logger, { instance, code, status }: Problem, problem: ProblemError): void {
  const fields = { instance, code, status };
  if (status >= 500) logger.error({ ...fields, err: problem.options.cause ?? problem }, 'a request failed');
  else logger.debug(fields, 'a request was refused');
}

function sendProblem(response: Response, body: Problem, retryAfterMs: number | undefined): void {
  if (retryAfterMs !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  if (body.status === 401) response.set('WWW-Authenticate', challengeOf(body.code));
  response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** A sign-in that is too old is told apart from one that is missing (RFC 9470). */
function challengeOf(code: Problem['code']): string {
  return code === 'session.not-fresh' ? 'Bearer error="insufficient_user_authentication", max_age="300"' : 'Bearer';
}
