import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { ProblemCode } from '#contract/problem.ts';
import { ProblemError } from '../problem-error.ts';

/**
 * Parses a body or query by its schema.
 * Throws a problem with all faults at once: `request.invalid`, or `code` where the schema says more than JSON Schema can.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: ProblemCode = 'request.invalid',
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new ProblemError(code, `The request has ${problems.length} invalid field(s).`, { problems });
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
