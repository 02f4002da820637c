import { z } from 'zod';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import { ProblemError } from './problem-error.ts';

/** What body-parser and express's router throw: an `http-errors` error. */
const httpErrorSchema = z.object({ status: z.int().min(400).max(499), type: z.string().optional() });

/** Sorts whatever a handler or a parser threw. What nobody expected becomes `internal` and tells nothing. */
export function problemFromError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HomeserverError) return problemFromHomeserver(error);
  const httpError = httpErrorSchema.safeParse(error);
  if (httpError.success) return problemFromHttpError(httpError.data, error);
  return new ProblemError('internal', 'An unexpected error happened. Nothing is known about its effect.', {
    cause: error,
  });
}

function problemFromHomeserver(error: HomeserverError): ProblemError {
  const retryAfter = error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs };
  return new ProblemError('homeserver.unavailable', 'The homeserver could not carry out the request.', {
    cause: error,
    ...retryAfter,
  });
}

function problemFromHttpError({ status, type }: z.infer<typeof httpErrorSchema>, cause: unknown): ProblemError {
  if (status === 413) return new ProblemError('request.too-large', 'The body is larger than allowed.', { cause });
  if (type === 'entity.parse.failed') {
    return new ProblemError('request.not-json', 'The body is not valid JSON.', { status: 400, cause });
  }
  if (status === 415) return new ProblemError('request.not-json', 'The body’s encoding is not supported.', { cause });
  return new ProblemError('request.invalid', 'The request could not be read.', { status, cause });
}
