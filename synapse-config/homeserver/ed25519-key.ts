import { createPublicKey, generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 key (PKCS #8, PEM), with which an appservice signs. */
export function createEd25519Key(): string {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  }).privateKey.trim();
}

/** The public key of a private one in PEM, as clients pin it: 32 bytes in unpadded base64. */
export function publicKeyOf(privateKey: string): string {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64').replace(/=+$/, '');
}
