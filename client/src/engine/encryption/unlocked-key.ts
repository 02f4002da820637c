/** The key of secret storage while it is in use. It is made from the recovery code and never stored. */
import type { CryptoCallbacks } from 'matrix-js-sdk/lib/crypto-api/index.js';

interface Unlocked {
  readonly keyId: string;
  readonly key: Uint8Array<ArrayBuffer>;
}

export class UnlockedKey {
  #unlocked: Unlocked | null = null;

  /** What the SDK asks when it opens or fills secret storage. */
  readonly callbacks: CryptoCallbacks = {
    getSecretStorageKey: ({ keys }) => Promise.resolve(this.#answer(Object.keys(keys))),
    cacheSecretStorageKey: (keyId, _info, key) => {
      this.#unlocked = { keyId, key: new Uint8Array(key) };
    },
  };

  /** Lends the key to the work, and forgets it afterwards. @param unlocked null: the work makes one itself */
  async during<T>(work: () => Promise<T>, unlocked: Unlocked | null = null): Promise<T> {
    this.#unlocked = unlocked;
    try {
      return await work();
    } finally {
      this.#unlocked?.key.fill(0);
      this.#unlocked = null;
    }
  }

  #answer(keyIds: readonly string[]): [string, Uint8Array<ArrayBuffer>] | null {
    const unlocked = this.#unlocked;
    return unlocked && keyIds.includes(unlocked.keyId) ? [unlocked.keyId, unlocked.key] : null;
  }
}
