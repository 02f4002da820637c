import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 key (PKCS #8, PEM), which signs heads of an appservice's audit trail. */
export function createAuditKey(): string {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  }).privateKey.trim();
}
