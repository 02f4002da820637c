import type { CipherStore } from './cipher-cache.ts';

const cacheName = 'landbote-media';
/** The Cache API wants web addresses as keys; nothing is ever fetched from this one. */
const folder = '/_media-cipher/';

/** On a computer that others use too, and where there is no Cache API. */
export function memoryStore(): CipherStore {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    read: (key) => Promise.resolve(entries.get(key) ?? null),
    write: (key, cipher) => Promise.resolve(void entries.set(key, cipher)),
    delete: (key) => Promise.resolve(void entries.delete(key)),
    sizes: () => Promise.resolve(new Map()),
  };
}

/** In the browser's Cache API, so that a later start finds it. */
export function diskStore(): CipherStore {
  const open = (): Promise<Cache> => caches.open(cacheName);
  return {
    async read(key) {
      const found = await (await open()).match(addressOf(key));
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    },
    async write(key, cipher) {
      const headers = { 'Content-Length': String(cipher.length) };
      await (await open()).put(addressOf(key), new Response(cipher, { headers }));
    },
    async delete(key) {
      await (await open()).delete(addressOf(key));
    },
    async sizes() {
      const cache = await open();
      const requests = await cache.keys();
      const entries = requests.map(async (request): Promise<[string, number]> => {
        const response = await cache.match(request);
        return [keyOf(request), Number(response?.headers.get('Content-Length') ?? 0)];
      });
      return new Map(await Promise.all(entries));
    },
  };
}

/** Deletes what any session has left on this device. */
export async function deleteDiskStore(): Promise<void> {
  if (typeof caches !== 'undefined') await caches.delete(cacheName);
}

function addressOf(key: string): string {
  return folder + encodeURIComponent(key);
}

function keyOf(request: Request): string {
  return decodeURIComponent(new URL(request.url).pathname.slice(folder.length));
}
