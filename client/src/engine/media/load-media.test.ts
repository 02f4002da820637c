import { describe, expect, it } from 'vitest';
import { HomeserverError, UnreachableError } from '../matrix/homeserver-api.ts';
import { parseMxc, type Mxc } from '../matrix/mxc.ts';
import { cipherCache } from './cipher-cache.ts';
import { memoryStore } from './cipher-stores.ts';
import { mediaLoader, MediaGoneError } from './load-media.ts';
import type { MediaReference } from './media-sources.ts';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const flip = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes, (byte) => byte ^ 0x55);
const cipher = flip(png);

function address(): Mxc {
  const mxc = parseMxc('mxc://land.hessen.test/Photo');
  if (!mxc) throw new Error('no address');
  return mxc;
}

const reference: MediaReference = {
  mxc: address(),
  encryption: { v: 'v2', key: { k: 'right' }, iv: '', hashes: {} },
  name: 'Plan.png',
};

/** A homeserver with these bytes, and a reader that knows them by their digest as the real one does. */
function surroundings(download: () => Promise<Uint8Array<ArrayBuffer>>) {
  const cache = cipherCache(memoryStore(), 1_000);
  let downloads = 0;
  const load = mediaLoader({
    cache,
    api: {
      download: () => {
        downloads += 1;
        return download();
      },
      upload: () => Promise.reject(new Error('not here')),
      uploadBytesMax: () => Promise.resolve(Infinity),
    },
    encryption: () =>
      Promise.resolve({
        encryptAttachment: () => ({ cipher, info: { v: 'v2', key: {}, iv: '', hashes: {} } }),
        decryptAttachment(bytes, info) {
          if (info.key['k'] !== 'right' || bytes.join() !== cipher.join()) throw new Error('digest');
          return flip(bytes);
        },
      }),
  });
  return { cache, load, downloads: () => downloads };
}

function failing(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

describe('mediaLoader', () => {
  it('downloads once what is asked for at the same time and later', async () => {
    const { load, downloads } = surroundings(() => Promise.resolve(cipher));
    const [one, other] = await Promise.all([load(reference), load(reference)]);
    expect(await load(reference)).toEqual({ mimeType: 'image/png', isPicture: true, name: 'Plan.png', bytes: png });
    expect([one, other].map(({ bytes }) => bytes)).toEqual([png, png]);
    expect(downloads()).toBe(1);
  });

  it('fetches anew what was damaged on the disk', async () => {
    const { cache, load, downloads } = surroundings(() => Promise.resolve(cipher));
    await cache.put(reference.mxc, Uint8Array.from([1, 2, 3]));
    expect((await load(reference)).bytes).toEqual(png);
    expect(downloads()).toBe(1);
  });

  it('keeps nothing that is not encrypted', async () => {
    const { cache, load } = surroundings(() => Promise.resolve(png));
    await load({ ...reference, encryption: null });
    expect(await cache.get(reference.mxc)).toBeNull();
  });

  it('shows nothing that is not what the sender encrypted', async () => {
    const { load } = surroundings(() => Promise.resolve(Uint8Array.from([9])));
    await expect(load(reference)).rejects.toThrow(MediaGoneError);
  });

  it('offers what is no picture for saving only', async () => {
    const html = new TextEncoder().encode('<script>');
    const { load } = surroundings(() => Promise.resolve(html));
    const media = await load({ ...reference, encryption: null });
    expect(media).toMatchObject({ isPicture: false, mimeType: 'application/octet-stream' });
  });

  it.each([
    [new HomeserverError(404, 'M_NOT_FOUND', null, false), MediaGoneError],
    [new RangeError('too long'), MediaGoneError],
    [new HomeserverError(502, 'M_UNKNOWN', null, false), UnreachableError],
    [new HomeserverError(429, 'M_LIMIT_EXCEEDED', 10, false), UnreachableError],
    [new UnreachableError('away'), UnreachableError],
  ])('tells whether trying again can help: %s', async (error, expected) => {
    const { load } = surroundings(failing(error));
    await expect(load(reference)).rejects.toThrow(expected);
  });
});
