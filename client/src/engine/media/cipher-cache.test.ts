import { describe, expect, it } from 'vitest';
import { parseMxc, type Mxc } from '../matrix/mxc.ts';
import { cipherCache, type CipherStore } from './cipher-cache.ts';
import { memoryStore } from './cipher-stores.ts';

function address(id: string): Mxc {
  const mxc = parseMxc(`mxc://land.hessen.test/${id}`);
  if (!mxc) throw new Error(id);
  return mxc;
}

/** A disk with room for so many bytes, as a browser's quota is: writing more throws. */
function fullDisk(quota: number): CipherStore & { readonly kept: Map<string, Uint8Array<ArrayBuffer>> } {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const used = (): number => [...kept.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    kept,
    read: (key) => Promise.resolve(kept.get(key) ?? null),
    write(key, cipher) {
      if (used() + cipher.length > quota) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
      return Promise.resolve(void kept.set(key, cipher));
    },
    delete: (key) => Promise.resolve(void kept.delete(key)),
    sizes: () => Promise.resolve(new Map([...kept].map(([key, { length }]) => [key, length]))),
  };
}

const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);

describe('cipherCache', () => {
  it('gives up what was not read for longest once it is full', async () => {
    const cache = cipherCache(memoryStore(), 100);
    for (const id of ['a', 'b', 'c', 'd']) await cache.put(address(id), bytes(25));
    await cache.get(address('a'));
    await cache.put(address('e'), bytes(25));
    expect(await cache.get(address('b'))).toBeNull();
    expect(await cache.get(address('a'))).toHaveLength(25);
  });

  it('keeps no file that would displace all others', async () => {
    const cache = cipherCache(memoryStore(), 100);
    await cache.put(address('small'), bytes(20));
    await cache.put(address('large'), bytes(26));
    expect(await cache.get(address('large'))).toBeNull();
    expect(await cache.get(address('small'))).not.toBeNull();
  });

  it('makes room for the newest when the browser has none left, and never fails', async () => {
    const disk = fullDisk(40);
    const cache = cipherCache(disk, 1_000);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await cache.put(address(id), bytes(10));
    expect(await cache.get(address('e'))).toHaveLength(10);
    expect(await cache.get(address('a'))).toBeNull();
    const none = cipherCache(fullDisk(0), 1_000);
    await none.put(address('a'), bytes(10));
    expect(await none.get(address('a'))).toBeNull();
  });

  it('counts what an earlier start has left', async () => {
    const disk = fullDisk(1_000);
    await cipherCache(disk, 100).put(address('old'), bytes(25));
    const cache = cipherCache(disk, 44);
    await cache.put(address('new'), bytes(11));
    await cache.put(address('newer'), bytes(11));
    expect([await cache.get(address('old')), disk.kept.size]).toEqual([null, 2]);
  });

  it('frees half of its space for what matters more', async () => {
    const disk = fullDisk(1_000);
    const cache = cipherCache(disk, 100);
    for (const id of ['a', 'b', 'c', 'd']) await cache.put(address(id), bytes(25));
    await cache.freeSpace();
    expect(disk.kept.size).toBe(2);
    expect(await cache.get(address('a'))).toBeNull();
    expect(await cache.get(address('d'))).toHaveLength(25);
  });

  it('names no file as the homeserver does', async () => {
    const disk = fullDisk(1_000);
    await cipherCache(disk, 100).put(address('Photo'), bytes(10));
    expect([...disk.kept.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});
