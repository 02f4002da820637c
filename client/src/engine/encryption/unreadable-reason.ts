import { DecryptionErrorCode, type MegolmDecryptionError } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { UnreadableReason } from '../protocol.ts';

/** Milliseconds since the epoch. */
export interface SignInTimes {
  /** When this device got its keys. */
  readonly deviceCreatedAt: number;
  /** When the person's first device did: nothing sent before can ever be read by them. */
  readonly firstSignInAt: number;
}

export function reasonOf(
  { code, maybe_withheld }: Pick<MegolmDecryptionError, 'code' | 'maybe_withheld'>,
  sentAt: number,
  times: SignInTimes,
): UnreadableReason {
  switch (code) {
    case DecryptionErrorCode.MissingRoomKey:
    case DecryptionErrorCode.UnknownMessageIndex:
      return missingKeyReason(sentAt, maybe_withheld !== undefined, times);
    case DecryptionErrorCode.UnknownSenderDevice:
    case DecryptionErrorCode.UnsignedSenderDevice:
    case DecryptionErrorCode.SenderIdentityVerificationViolation:
      return 'sender-unverified';
    case DecryptionErrorCode.MismatchedIdentityKeys:
    case DecryptionErrorCode.MismatchedSender:
      return 'sender-mismatch';
    default:
      return 'broken';
  }
}

/** The first that explains it: no key is missing that could never have been there. */
function missingKeyReason(sentAt: number, isWithheld: boolean, times: SignInTimes): UnreadableReason {
  if (sentAt < times.firstSignInAt) return 'before-sign-in';
  if (sentAt < times.deviceCreatedAt) return 'before-device';
  return isWithheld ? 'withheld' : 'key-missing';
}
