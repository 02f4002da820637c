import type { ProblemCode } from '#contract/problem.ts';

interface FieldProblem {
  /** Path in the input, such as `people.3`. */
  readonly path: string;
  readonly message: string;
  /** What to do about this one. */
  readonly remedy?: string;
}

export interface ProblemOptions {
  /** All problems of an input at once. */
  readonly problems?: readonly FieldProblem[];
  /** Replaces the code's usual status. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** For the log only; never part of an answer. */
  readonly cause?: unknown;
}

/** An expected refusal. The error middleware turns it into a problem detail (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  /** `detail`: what happened, for the person in front of the screen. */
  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.options = options;
  }
}
