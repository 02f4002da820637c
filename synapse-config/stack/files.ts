/** Files of a stack: secrets that only the owner may read, and replacements that are never seen half-written. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

const ownerOnly = 0o600;

export async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Replaces the file in one step. Readable by its owner alone. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.draft`;
  await writeFile(draft, content, { mode: ownerOnly });
  await rename(draft, path);
}

/** The file's content; made by `create` and kept when the file is not there yet. */
export async function keptSecret(path: string, create: () => string = randomSecret): Promise<string> {
  const present = await readIfPresent(path);
  if (present !== null) return present;
  const secret = create();
  await writePrivateFile(path, secret);
  return secret;
}

/** 256 random bits in URL-safe characters. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A password that can be typed: 20 characters, about 100 bits, none that look alike. */
export function randomPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789-';
  const characters = Array.from(randomBytes(20), (byte) => alphabet.charAt(byte % 31));
  return characters.join('').replace(/(.{5})(?=.)/g, '$1-');
}
