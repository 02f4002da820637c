import { HTTPError, MatrixError } from 'matrix-js-sdk/lib/http-api/errors.js';
import { ConnectionError } from 'matrix-js-sdk/lib/http-api/index.js';
import { FailureError } from '../failures.ts';
import { NotSetUpError } from './encryption.ts';
import { HomeserverError, UnreachableError } from '../matrix/homeserver-api.ts';

/** `SessionRecipientCollectionError` of the Rust cryptography has no code, only these words. */
const notSetUp = /Encryption failed because (cross-signing is not set up|your device is not verified)/;

/** Turns what the SDK throws into what the rest of the engine knows. */
export async function withEngineErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw engineError(error);
  }
}

function engineError(error: unknown): unknown {
  if (error instanceof MatrixError) return homeserverError(error);
  if (error instanceof ConnectionError || error instanceof HTTPError) {
    return new UnreachableError('no answer', { cause: error });
  }
  return error instanceof Error && notSetUp.test(error.message) ? new NotSetUpError() : error;
}

function homeserverError(error: MatrixError): Error {
  // Only a step that was to be authorised by the password is answered so.
  if (error.httpStatus === 401 && error.errcode === 'M_FORBIDDEN')
    return new FailureError({ kind: 'wrong-credentials' });
  const retryAfterMs = error.isRateLimitError() ? error.getRetryAfterMs() : null;
  return new HomeserverError(error.httpStatus ?? 0, error.errcode ?? 'M_UNKNOWN', retryAfterMs, false);
}
