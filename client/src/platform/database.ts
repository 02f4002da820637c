/** A store of single records in IndexedDB, as promises. */
export interface Records {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  clear(): Promise<void>;
}

const storeName = 'records';

export function openRecords(databaseName: string): Records {
  let database: Promise<IDBDatabase> | null = null;
  const opened = (): Promise<IDBDatabase> => (database ??= open(databaseName));

  return {
    get: async (key) => settled((await opened()).transaction(storeName).objectStore(storeName).get(key)),
    async put(key, value) {
      await settled((await opened()).transaction(storeName, 'readwrite').objectStore(storeName).put(value, key));
    },
    async clear() {
      await settled((await opened()).transaction(storeName, 'readwrite').objectStore(storeName).clear());
    },
  };
}

function open(databaseName: string): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(storeName));
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB request failed')));
  });
}
