import type { Storage, StorageChange, TableName } from './storage.ts';

/** Keeps everything in the engine's memory: shared computers, and engines without a browser. */
export function memoryStorage(): Storage {
  const tables = new Map<TableName, Map<string, unknown>>();
  const tableOf = (name: TableName): Map<string, unknown> => {
    const known = tables.get(name) ?? new Map<string, unknown>();
    tables.set(name, known);
    return known;
  };
  const apply = (change: StorageChange): void => {
    if ('isDeleted' in change) tableOf(change.table).delete(change.key);
    // Whoever reads must not change what is stored, as with a real store.
    else tableOf(change.table).set(change.key, structuredClone(change.value));
  };

  return {
    isKept: false,
    table: (name) => ({
      get: async (key) => structuredClone(tableOf(name).get(key)),
      all: async () => [...tableOf(name).values()].map((value) => structuredClone(value)),
    }),
    write: async (changes) => changes.forEach(apply),
    destroy: async () => tables.clear(),
  };
}
