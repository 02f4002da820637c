import { createHash } from 'node:crypto';
import type { PartnerDeclaration } from '#contract/organisation.ts';
import type { SigningKey } from '#appservice/matrix/ports.ts';

/** What two people compare at first contact: SHA-256, in hex, of a homeserver's Ed25519 key (unpadded base64). */
export function fingerprintOf(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex');
}

/** Whether a homeserver signs with the declared key and no other. A new key is declared anew, by two people. */
export function isDeclaredKey(
  keys: readonly SigningKey[],
  { key: id, fingerprint }: Pick<PartnerDeclaration, 'fingerprint' | 'key'>,
): boolean {
  return keys.length > 0 && keys.every((known) => known.id === id && fingerprintOf(known.key) === fingerprint);
}
