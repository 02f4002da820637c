import type { Failure } from '../engine/protocol.ts';
import { fileSize } from '../i18n/format.ts';
import { i18n } from '../i18n/i18n.svelte.ts';
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
    case 'not-found':
      return t.failure.notFound;
    case 'too-large':
      return t.failure.tooLarge(fileSize(i18n.language, failure.bytesMax));
    case 'wrong-recovery-code':
      return t.failure.wrongRecoveryCode;
    case 'storage-full':
      return t.failure.storageFull;
    case 'unexpected':
      return t.failure.unexpected(failure.reference);
  }
}
