/** Keeps files as they came from the server: encrypted. Losing an entry costs a download, so nothing here throws. */
import { formatMxc, type Mxc } from '../matrix/mxc.ts';
import { RecentlyUsed } from './recently-used.ts';

export interface CipherCache {
  get(mxc: Mxc): Promise<Uint8Array<ArrayBuffer> | null>;
  put(mxc: Mxc, cipher: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(mxc: Mxc): Promise<void>;
  /** Gives up half of what is stored, for things that matter more than a picture seen before. */
  freeSpace(): Promise<void>;
}

/** Where the entries lie; may throw. */
export interface CipherStore {
  read(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(key: string, cipher: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(key: string): Promise<void>;
  /** What an earlier start has left, oldest first. */
  sizes(): Promise<ReadonlyMap<string, number>>;
}

/** No single file takes more than this part of the cache. */
const largestPart = 1 / 4;

/** @param bytesMax together. */
export function cipherCache(store: CipherStore, bytesMax: number): CipherCache {
  const used = new RecentlyUsed();
  const begun = attempt(async () => {
    for (const [key, bytes] of await store.sizes()) used.use(key, bytes);
  });

  async function remove(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => attempt(() => store.delete(key))));
  }

  /** What does not fit even after half of the rest is gone is not kept. */
  async function write(key: string, cipher: Uint8Array<ArrayBuffer>): Promise<void> {
    await remove(used.shrink(bytesMax - cipher.length));
    const isWritten = (await attempt(() => store.write(key, cipher).then(() => true))) ?? false;
    if (isWritten) return used.use(key, cipher.length);
    await remove(used.shrink(used.bytes / 2));
    if (await attempt(() => store.write(key, cipher).then(() => true))) used.use(key, cipher.length);
  }

  return {
    async get(mxc) {
      await begun;
      const key = await nameOf(mxc);
      const cipher = (await attempt(() => store.read(key))) ?? null;
      if (cipher) used.use(key, cipher.length);
      return cipher;
    },
    async put(mxc, cipher) {
      await begun;
      if (cipher.length <= bytesMax * largestPart) await write(await nameOf(mxc), cipher);
    },
    async delete(mxc) {
      const key = await nameOf(mxc);
      used.remove(key);
      await remove([key]);
    },
    async freeSpace() {
      await begun;
      await remove(used.shrink(used.bytes / 2));
    },
  };
}

/** Tells nothing of whose file it is: the address is the homeserver's name for it, and too random to be guessed. */
async function nameOf(mxc: Mxc): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(formatMxc(mxc)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch {
    return undefined;
  }
}
