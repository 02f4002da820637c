/**
 * Encrypted attachments, by the Rust cryptography's own implementation (AES-CTR with a SHA-256 of the cipher text).
 * Its memory is freed by hand: `using` needs Symbol.dispose, which Safari has not.
 */
import { Attachment, EncryptedAttachment } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import type { EncryptedFileInfo } from './encryption.ts';

const infoSchema = z.object({
  v: z.string(),
  key: z.record(z.string(), z.unknown()),
  iv: z.string(),
  hashes: z.record(z.string(), z.string()),
});

export function encryptAttachment(plain: Uint8Array): {
  readonly cipher: Uint8Array<ArrayBuffer>;
  readonly info: EncryptedFileInfo;
} {
  const encrypted = Attachment.encrypt(plain);
  try {
    const info = infoSchema.parse(JSON.parse(encrypted.mediaEncryptionInfo ?? ''));
    return { cipher: new Uint8Array(encrypted.encryptedData), info };
  } finally {
    encrypted.free();
  }
}

/** @throws if the bytes are not those that the sender encrypted. */
export function decryptAttachment(cipher: Uint8Array, info: EncryptedFileInfo): Uint8Array<ArrayBuffer> {
  const encrypted = new EncryptedAttachment(cipher, JSON.stringify(info));
  try {
    return new Uint8Array(Attachment.decrypt(encrypted));
  } finally {
    encrypted.free();
  }
}
