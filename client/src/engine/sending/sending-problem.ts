import { IdentityChangedError, NotSetUpError } from '../encryption/encryption.ts';
import { FailureError, isPassing } from '../failures.ts';
import { HomeserverError } from '../matrix/homeserver-api.ts';
import type { SendingProblem } from '../protocol.ts';
import { RosterError } from '../roster/roster-error.ts';
import { FileGoneError, NotEncryptedError } from './send-entry.ts';

const firstWaitMs = 500;
const longestWaitMs = 30_000;
const longestAskedWaitMs = 60_000;
/** A server that answers for so long with a fault of its own is a failure to show, not a gap in the connection. */
const faultyMsMax = 120_000;

export type Verdict =
  /** `isAsked`: the homeserver has said how long. */
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly isAsked: boolean }
  | { readonly kind: 'failed'; readonly problem: SendingProblem };

/**
 * What becomes of an entry whose sending threw.
 * @param attempts made so far in a row, this one included
 * @param faultyMs since when the server has answered with nothing but faults of its own
 */
export function verdictOn(error: unknown, attempts: number, faultyMs: number): Verdict {
  if (error instanceof HomeserverError && error.retryAfterMs !== null) {
    return { kind: 'wait', milliseconds: Math.min(error.retryAfterMs, longestAskedWaitMs), isAsked: true };
  }
  if (isPassing(error) && faultyMs < faultyMsMax) {
    return { kind: 'wait', milliseconds: waitMs(attempts), isAsked: false };
  }
  return { kind: 'failed', problem: problemOf(error) };
}

/** The homeserver answers, and what it says is that it cannot. */
export function isServerFault(error: unknown): boolean {
  return error instanceof HomeserverError && error.status >= 500;
}

/** Doubles, with up to a quarter off, so that a whole station does not come back in the same moment. */
function waitMs(attempts: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1)) * (1 - Math.random() / 4);
}

function problemOf(error: unknown): SendingProblem {
  if (error instanceof IdentityChangedError) return 'identity-changed';
  if (error instanceof NotSetUpError) return 'not-set-up';
  if (error instanceof RosterError) return 'no-roster';
  if (error instanceof NotEncryptedError) return 'not-encrypted';
  if (error instanceof FileGoneError) return 'file-gone';
  if (error instanceof FailureError && error.failure.kind === 'too-large') return 'too-large';
  if (error instanceof HomeserverError && error.status === 413) return 'too-large';
  if (error instanceof HomeserverError && (error.status === 403 || error.status === 404)) return 'refused';
  return 'server';
}
