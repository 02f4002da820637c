import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { readAuditKey, signCheckpoint, verifierKeyOf } from './checkpoint.ts';
import { leafHashOf } from './merkle-tree.ts';

/** The key of RFC 8032, section 7.1, test 1, wrapped as PKCS #8. */
const pem = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----`;
const key = readAuditKey('land.hessen.test/audit', pem);
const head = { size: 1, root: leafHashOf(Buffer.from('row')) };

test('a checkpoint is origin, size and root, signed as a whole by the key that the witness was given', () => {
  const [text = '', signatureLine = ''] = signCheckpoint(head, key).split('\n\n');
  expect(text.split('\n')).toEqual(['land.hessen.test/audit', '1', head.root.toString('base64')]);
  const [dash, name, encoded = ''] = signatureLine.trimEnd().split(' ');
  expect([dash, name]).toEqual(['—', 'land.hessen.test/audit']);
  const signature = Buffer.from(encoded, 'base64');
  const [, keyId, publicKey = ''] = /^[^+]+\+([0-9a-f]{8})\+(.+)$/.exec(verifierKeyOf(key)) ?? [];
  expect(signature.subarray(0, 4).toString('hex')).toBe(keyId);
  const x = Buffer.from(publicKey, 'base64').subarray(1).toString('base64url');
  const verifier = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  expect(verify(null, Buffer.from(`${text}\n`), verifier, signature.subarray(4))).toBe(true);
  expect(verify(null, Buffer.from(`${text.replace('\n1\n', '\n2\n')}\n`), verifier, signature.subarray(4))).toBe(false);
});

test.each(['', 'no key', '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----'])(
  'what is no Ed25519 key is refused and not repeated',
  (text) => {
    expect(() => readAuditKey('x', text)).toThrow(/^expected an Ed25519 private key in PEM$/);
  },
);
