import { DecryptionErrorCode } from '@matrix-org/matrix-sdk-crypto-wasm';
import { describe, expect, it } from 'vitest';
import { reasonOf } from './unreadable-reason.ts';

const times = { firstSignInAt: 1_000, deviceCreatedAt: 2_000 };
const missing = { code: DecryptionErrorCode.MissingRoomKey, maybe_withheld: undefined };
const withheld = { ...missing, maybe_withheld: 'The sender has disabled encrypting to unverified devices.' };

describe('reasonOf', () => {
  it.each([
    ['before-sign-in', missing, 999],
    ['before-sign-in', withheld, 999],
    ['before-device', missing, 1_999],
    ['key-missing', missing, 2_000],
    ['withheld', withheld, 2_000],
    ['key-missing', { ...missing, code: DecryptionErrorCode.UnknownMessageIndex }, 2_000],
  ] as const)('says %s where that explains it', (reason, error, sentAt) => {
    expect(reasonOf(error, sentAt, times)).toBe(reason);
  });

  it.each([
    ['sender-unverified', DecryptionErrorCode.UnsignedSenderDevice],
    ['sender-unverified', DecryptionErrorCode.UnknownSenderDevice],
    ['sender-mismatch', DecryptionErrorCode.MismatchedSender],
    ['sender-mismatch', DecryptionErrorCode.MismatchedIdentityKeys],
    ['broken', DecryptionErrorCode.UnableToDecrypt],
  ] as const)('says %s of a key that is there, whenever it was sent', (reason, code) => {
    expect(reasonOf({ code, maybe_withheld: undefined }, 0, times)).toBe(reason);
  });
});
