/**
 * Signed tree heads of the audit trail, in the format that witnesses of transparency logs take: a checkpoint
 * (https://c2sp.org/tlog-checkpoint) in a signed note (https://c2sp.org/signed-note). Ed25519 by node:crypto.
 */
import { createHash, sign, type KeyObject } from 'node:crypto';
import { rawPublicKey, readEd25519Key } from '#appservice/ed25519-key.ts';

export interface AuditKey {
  /** Who signs: `land.hessen.test/audit`. */
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface TreeHead {
  /** How many rows the tree has. */
  readonly size: number;
  readonly root: Buffer;
}

/** Reads an Ed25519 private key (PKCS #8, PEM). Throws an Error that never repeats the key. */
export function readAuditKey(name: string, pem: string): AuditKey {
  return { name, privateKey: readEd25519Key(pem) };
}

/** The whole note: origin, size, root and the signature over these lines. */
export function signCheckpoint({ size, root }: TreeHead, { name, privateKey }: AuditKey): string {
  const text = `${name}\n${size}\n${root.toString('base64')}\n`;
  const signature = Buffer.concat([keyIdOf(name, rawPublicKey(privateKey)), sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${name} ${signature.toString('base64')}\n`;
}

/** What a witness is given once, to know whose checkpoints are genuine: `<name>+<key id>+<algorithm and public key>`. */
export function verifierKeyOf({ name, privateKey }: AuditKey): string {
  const key = rawPublicKey(privateKey);
  return `${name}+${keyIdOf(name, key).toString('hex')}+${Buffer.concat([ed25519Algorithm, key]).toString('base64')}`;
}

const ed25519Algorithm = Buffer.from([1]);

function keyIdOf(name: string, publicKey: Buffer): Buffer {
  return createHash('sha256').update(`${name}\n`).update(ed25519Algorithm).update(publicKey).digest().subarray(0, 4);
}
