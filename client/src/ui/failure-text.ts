import type { Failure } from '../engine/protocol.ts';
import type { Messages } from '../i18n/german.ts';

/** One sentence for one failure. */
export function failureText(t: Messages, failure: Failure): string {
  switch (failure.kind) {
    case 'unreachable':
      return t.failure.unreachable;
    case 'rate-limited':
      return t.failure.rateLimited(Math.ceil(failure.retryAfterMs / 1000));
    case 'wrong-credentials':
      return t.failure.wrongCredentials;
    case 'account-locked':
      return t.failure.accountLocked;
    case 'refused':
      return t.failure.refused;
    case 'unexpected':
      return t.failure.unexpected(failure.reference);
  }
}
