import { HomeserverError, UnreachableError } from './matrix/homeserver-api.ts';
import type { Failure, Result } from './protocol.ts';
import { isStorageFull } from './storage/storage-full.ts';

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
  if (error instanceof HomeserverError) return homeserverFailure(error);
  if (isStorageFull(error)) return { kind: 'storage-full' };
  if (error instanceof UnreachableError || error instanceof TypeError || isAbort(error)) return { kind: 'unreachable' };
  return { kind: 'unexpected', reference: error instanceof Error ? error.name : 'unknown' };
}

/** True where trying again later can succeed without anybody changing anything. */
export function isPassing(error: unknown): boolean {
  if (error instanceof HomeserverError) {
    // The next sign-in brings another token; a device that was taken off the account is forgotten as a whole.
    return error.status === 429 || error.status >= 500 || error.errcode === 'M_UNKNOWN_TOKEN';
  }
  if (error instanceof FailureError) return ['unreachable', 'rate-limited'].includes(error.failure.kind);
  return error instanceof UnreachableError || error instanceof TypeError || isAbort(error) || isStorageFull(error);
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
function homeserverFailure({ status, errcode, retryAfterMs }: HomeserverError): Failure {
  if (status === 429) return { kind: 'rate-limited', retryAfterMs: retryAfterMs ?? defaultRetryAfterMs };
  if (errcode === 'M_USER_DEACTIVATED' || errcode === 'M_USER_LOCKED') return { kind: 'account-locked' };
  if (errcode === 'M_FORBIDDEN') return { kind: 'refused' };
  if (errcode === 'M_NOT_FOUND') return { kind: 'not-found' };
  if (status >= 500) return { kind: 'unreachable' };
  return { kind: 'unexpected', reference: errcode };
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');
}
