import { ConnectionError, MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';
import type { Failure, Result } from './protocol.ts';

const defaultRetryAfterMs = 5_000;

/** Carries out a command and turns what it throws into plain data. */
export async function asResult<T>(command: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await command() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof MatrixError) return matrixFailure(error);
  if (error instanceof ConnectionError || error instanceof TypeError || isAbort(error)) return { kind: 'unreachable' };
  return { kind: 'unexpected', reference: error instanceof Error ? error.name : 'unknown' };
}

/** True where trying again later can succeed without anybody changing anything. */
export function isPassing(error: unknown): boolean {
  if (error instanceof MatrixError) return error.httpStatus === 429 || (error.httpStatus ?? 0) >= 500;
  return error instanceof ConnectionError || error instanceof TypeError || isAbort(error);
}

/** A failure that was recognised below, for example in the answer of the appservice. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Matrix specification, client-server API, "Standard error response". */
function matrixFailure(error: MatrixError): Failure {
  if (error.isRateLimitError()) {
    return { kind: 'rate-limited', retryAfterMs: error.getRetryAfterMs() ?? defaultRetryAfterMs };
  }
  if (error.errcode === 'M_USER_DEACTIVATED' || error.errcode === 'M_USER_LOCKED') return { kind: 'account-locked' };
  if (error.errcode === 'M_FORBIDDEN') return { kind: 'refused' };
  if ((error.httpStatus ?? 0) >= 500) return { kind: 'unreachable' };
  return { kind: 'unexpected', reference: error.errcode ?? String(error.httpStatus) };
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');
}
