/** Encrypted attachments, by the Rust cryptography's own implementation (AES-CTR with a SHA-256 of the cipher text). */
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
  using encrypted = Attachment.encrypt(plain);
  const info = infoSchema.parse(JSON.parse(encrypted.mediaEncryptionInfo ?? ''));
  return { cipher: new Uint8Array(encrypted.encryptedData), info };
}

/** @throws if the bytes are not those that the sender encrypted. */
export function decryptAttachment(cipher: Uint8Array, info: EncryptedFileInfo): Uint8Array<ArrayBuffer> {
  using encrypted = new EncryptedAttachment(cipher, JSON.stringify(info));
  return new Uint8Array(Attachment.decrypt(encrypted));
}
