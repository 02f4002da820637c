/**
 * A homeserver's ed25519 signing key (Matrix specification, appendices, "Signing JSON").
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ed25519 } from '@noble/curves/ed25519.js';
import { canonicalJson, isJsonObject, type JsonObject } from './canonical-json.ts';

export interface SigningKey {
  /** `ed25519:<version>` */
  readonly id: string;
  readonly seed: Uint8Array;
}

/** By the name of the signing server, then by key id. */
export type Signatures = JsonObject;

export function unpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

/** A key nobody else has, for a forged server. */
export function createSigningKey(): SigningKey {
  return { id: 'ed25519:forged', seed: randomBytes(32) };
}

/**
 * Reads the signing key file of a Synapse, as its administrator can: one line `ed25519 <version> <seed>`.
 * Throws if the file is missing or has another form.
 */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const line = (await readFile(path, 'utf8')).trim();
  const [algorithm, version, seed] = line.split(/\s+/);
  if (algorithm !== 'ed25519' || version === undefined || seed === undefined) {
    throw new Error(`${path}: expected one line "ed25519 <version> <seed>"`);
  }
  return { id: `ed25519:${version}`, seed: Buffer.from(seed, 'base64') };
}

/** The public key in unpadded base64, as `/_matrix/key/v2/server` publishes it. */
export function publicKeyOf(key: SigningKey): string {
  return unpaddedBase64(ed25519.getPublicKey(key.seed));
}

/** Signs what canonical JSON makes of the object without `signatures` and `unsigned`. */
export function signatureOf(object: JsonObject, key: SigningKey): string {
  const { signatures: _signatures, unsigned: _unsigned, ...signed } = object;
  return unpaddedBase64(ed25519.sign(Buffer.from(canonicalJson(signed)), key.seed));
}

/** The object with one more signature. */
export function signJson<T extends JsonObject>(
  object: T,
  serverName: string,
  key: SigningKey,
): T & { readonly signatures: Signatures } {
  return { ...object, signatures: withSignature(object['signatures'], serverName, key.id, signatureOf(object, key)) };
}

/** Adds a signature to those that are there already. */
export function withSignature(present: unknown, serverName: string, keyId: string, signature: string): Signatures {
  const others = isJsonObject(present) ? present : {};
  const own = isJsonObject(others[serverName]) ? others[serverName] : {};
  return { ...others, [serverName]: { ...own, [keyId]: signature } };
}
