/** Ed25519 by the browser; by a library where the browser has none (before Chromium 137, Firefox 129 and Safari 17). */
import { bytesOfBase64 } from './base64.ts';

/**
 * @param key public key in base64
 * @param signature in base64
 * @returns whether it is the key's signature of the text's UTF-8 bytes
 */
export async function isSignatureOf(text: string, key: string, signature: string): Promise<boolean> {
  const [bytes, keyBytes, signatureBytes] = [
    new TextEncoder().encode(text),
    bytesOfBase64(key),
    bytesOfBase64(signature),
  ];
  const imported = await importKey(keyBytes);
  if (imported) return crypto.subtle.verify('Ed25519', imported, signatureBytes, bytes);
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  return ed25519.verify(signatureBytes, bytes, keyBytes);
}

/** Null: this browser does not know the algorithm. */
async function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
  } catch {
    return null;
  }
}
