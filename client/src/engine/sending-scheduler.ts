import { MatrixScheduler } from 'matrix-js-sdk/lib/scheduler.js';
import { MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';
import { isPassing } from './failures.ts';

const firstWaitMs = 500;
const longestWaitMs = 5_000;
/** An answering server that fails this often in a row is a failure to show, not a gap in the connection. */
const serverErrorsMax = 4;

/**
 * Messages leave one after the other, so their order holds. While the connection is away they wait and are sent
 * by themselves; what the server refuses is given back to the person at once.
 */
export function sendingScheduler(): MatrixScheduler {
  return new MatrixScheduler((_event, attempts, error) => retryAfterMs(attempts, error));
}

/** Milliseconds until the next attempt; -1: give up. */
export function retryAfterMs(attempts: number, error: unknown): number {
  if (!isPassing(error)) return -1;
  if (error instanceof MatrixError) {
    if (attempts > serverErrorsMax) return -1;
    if (error.isRateLimitError()) return error.getRetryAfterMs() ?? longestWaitMs;
  }
  return Math.min(firstWaitMs * 2 ** attempts, longestWaitMs);
}
