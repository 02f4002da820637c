/** Ed25519 keys in files. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** Reads an Ed25519 private key (PKCS #8, PEM). Throws an Error that never repeats the key. */
export function readEd25519Key(pem: string): KeyObject {
  const privateKey = parseKey(pem);
  if (privateKey?.asymmetricKeyType !== 'ed25519') throw new Error('expected an Ed25519 private key in PEM');
  return privateKey;
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/** The 32 bytes of the public key (RFC 8032). */
export function rawPublicKey(privateKey: KeyObject): Buffer {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

/** The public key as Matrix writes it: in unpadded base64. */
export function unpaddedPublicKey(privateKey: KeyObject): string {
  return rawPublicKey(privateKey).toString('base64').replace(/=+$/, '');
}
