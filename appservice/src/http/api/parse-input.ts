import type { RequestHandler } from 'express';
import type { z } from 'zod';
import { ProblemError } from '../problem-error.ts';

/**
 * Parses a body or query by its schema.
 * Throws `request.invalid` with all problems at once.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new ProblemError('request.invalid', `The request has ${problems.length} invalid field(s).`, { problems });
}

/** Refuses a body that does not say it is JSON; express.json() would silently skip it. */
export const requireJsonBody: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json')) {
    throw new ProblemError('request.not-json', 'The body does not say that it is JSON.');
  }
  next();
};
