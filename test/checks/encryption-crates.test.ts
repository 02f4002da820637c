import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const wasm = new URL(
  '../../node_modules/@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.wasm',
  import.meta.url,
);

/** The compiler leaves the paths of the sources in the binary: `…/vodozemac-0.11.0/src/…`. */
async function cratesInside(name: string): Promise<readonly string[]> {
  const text = (await readFile(wasm)).toString('latin1');
  return [
    ...new Set(
      [...text.matchAll(new RegExp(`\\b${name}-(\\d+\\.\\d+\\.\\d+)`, 'g'))].map(([, version = '']) => version),
    ),
  ];
}

function isAtLeast(version: string, floor: string): boolean {
  return version.localeCompare(floor, 'en', { numeric: true }) >= 0;
}

it.each([
  // RUSTSEC-2026-0159 (CVE-2026-45056): to-device messages were not bound to their sender before.
  ['matrix-sdk-crypto', '0.16.1'],
  // Key agreements that contribute nothing are refused since.
  ['vodozemac', '0.10.0'],
])('ships %s of at least %s in the cryptography that runs', async (crate, floor) => {
  const versions = await cratesInside(crate);

  expect(versions).not.toEqual([]);
  expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
});
