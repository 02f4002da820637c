import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRoster } from './open-roster.ts';

const roomId = '!lage';
const anna = '@anna:land.hessen.test';
const ben = '@ben:land.hessen.test';

let keys: CryptoKeyPair;
let publicKey: string;
beforeAll(async () => {
  keys = await newKeys();
  publicKey = await publicKeyOf(keys);
});
afterEach(() => vi.restoreAllMocks());

async function newKeys(): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in made)) throw new Error('no pair');
  return made;
}

function unpadded(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/=+$/, '');
}

async function publicKeyOf({ publicKey: key }: CryptoKeyPair): Promise<string> {
  return unpadded(await crypto.subtle.exportKey('raw', key));
}

interface Part {
  readonly room_id?: unknown;
  readonly issued_at?: unknown;
  readonly part?: number;
  readonly parts?: number;
  readonly members?: unknown;
}

async function sign(part: Part, by: CryptoKeyPair = keys) {
  const whole = { room_id: roomId, issued_at: 1_000, part: 0, parts: 1, members: [anna], ...part };
  const signed = JSON.stringify(whole);
  const signature = await crypto.subtle.sign('Ed25519', by.privateKey, new TextEncoder().encode(signed));
  return { signed, key: await publicKeyOf(by), signature: unpadded(signature) };
}

const open = (...parts: readonly unknown[]) =>
  openRoster(async (number) => parts[number] ?? null, { roomId, keys: [publicKey] });

describe.each([['by the browser'], ['by the library where the browser has no Ed25519']])('checked %s', (by) => {
  const prepare = (): void => {
    if (by === 'by the browser') return;
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('unknown', 'NotSupportedError'));
  };

  it('a roster that one of ours has signed says who belongs', async () => {
    const content = await sign({ members: [anna, ben] });
    prepare();
    expect(await open(content)).toEqual({ issuedAt: 1_000, members: [anna, ben] });
  });

  it('a roster that the homeserver has written or changed is none', async () => {
    const [genuine, larger, forged] = [
      await sign({}),
      await sign({ members: [anna, ben] }),
      await sign({ members: [ben] }, await newKeys()),
    ];
    prepare();
    expect(await open({ ...genuine, signed: larger.signed })).toBeNull();
    expect(await open({ ...genuine, signature: larger.signature })).toBeNull();
    expect(await open(forged)).toBeNull();
    expect(await open({ ...forged, key: publicKey })).toBeNull();
  });
});

it('a roster of another room is none', async () => {
  expect(await open(await sign({ room_id: '!andere' }))).toBeNull();
});

it('a roster counts only with all its parts, and all of one moment', async () => {
  const first = await sign({ parts: 2 });
  const second = await sign({ part: 1, parts: 2, members: [ben] });
  const older = await sign({ part: 1, parts: 2, members: [ben], issued_at: 999 });
  expect(await open(first, second)).toEqual({ issuedAt: 1_000, members: [anna, ben] });
  expect(await open(first)).toBeNull();
  expect(await open(first, older)).toBeNull();
  expect(await open(first, first)).toBeNull();
  expect(await open(second)).toBeNull();
});

it.each([null, {}, 'text', { signed: 7 }, { signed: '{}', key: '', signature: '' }])(
  '%j is no roster',
  async (content) => {
    expect(await open(content)).toBeNull();
  },
);

it('what one of ours has signed and is no roster is none', async () => {
  expect(await open(await sign({ members: ['anna'] }))).toBeNull();
  expect(await open(await sign({ issued_at: 'now' }))).toBeNull();
});
