import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { publicKeyOf, readSigningKey, signJson, type SigningKey } from './signing-key.ts';

/** Matrix specification, appendices, "Cryptographic test vectors". */
const specificationKey: SigningKey = {
  id: 'ed25519:1',
  seed: Buffer.from('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1', 'base64'),
};

describe('signing JSON', () => {
  test.each([
    [{}, 'K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ'],
    [{ one: 1, two: 'Two' }, 'KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw'],
  ])('signs %j as the specification does', (object, signature) => {
    expect(signJson(object, 'domain', specificationKey).signatures).toEqual({ domain: { 'ed25519:1': signature } });
  });

  test('keeps the signatures that are there and does not sign them', () => {
    const once = signJson({ one: 1 }, 'first', specificationKey);
    const twice = signJson(once, 'second', specificationKey);
    expect(twice.signatures['first']).toEqual(once.signatures['first']);
    expect(twice.signatures['second']).toEqual(once.signatures['first']);
  });
});

describe("a Synapse's key file", () => {
  test('gives the key id and the public key that the server publishes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signing-key-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'signing.key');
    await writeFile(path, 'ed25519 a_test YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1\n');
    const key = await readSigningKey(path);
    expect(key.id).toBe('ed25519:a_test');
    expect(publicKeyOf(key)).toBe('XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI');
  });

  test('that is none is refused with the form it should have', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signing-key-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'signing.key');
    await writeFile(path, 'rsa a b\n');
    await expect(readSigningKey(path)).rejects.toThrow('ed25519 <version> <seed>');
  });
});
