import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The token of an `Authorization: Bearer …` header (RFC 6750), or null. A token in the query string is never
 * looked at: it would end up in logs.
 */
export function bearerTokenOf(authorization: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Compares in constant time; over hashes, so that lengths do not matter. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

/** Under which a token is stored: whoever reads the database cannot use it. */
export function tokenHashOf(token: string): string {
  return sha256(token).toString('hex');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
