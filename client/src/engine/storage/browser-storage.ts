/** The engine's store in IndexedDB, encrypted at rest (sealing.ts). */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { makeStorageKeys, seal, sealName, unseal, type Sealed, type StorageKeys } from './sealing.ts';
import type { Storage, StorageChange, TableName } from './storage.ts';

interface Schema extends DBSchema {
  keys: { key: string; value: StorageKeys };
  sealed: { key: [table: string, name: string]; value: Sealed };
}

export type Database = IDBPDatabase<Schema>;

/** A higher version than the stored one empties the store: the homeserver still has everything. */
const version = 1;
const keysName = 'storage';

export function openDatabase(name: string): Promise<Database> {
  return openDB<Schema>(name, version, {
    upgrade(database) {
      for (const store of database.objectStoreNames) database.deleteObjectStore(store);
      database.createObjectStore('keys');
      database.createObjectStore('sealed');
    },
    // Another page deletes or upgrades it: let go, or the other waits for ever.
    blocking: (_current, _blocked, event) => event.target instanceof IDBDatabase && event.target.close(),
  });
}

function storedKeys(database: Database): Promise<StorageKeys | undefined> {
  return database.get('keys', keysName);
}

/** Reads one record without the engine, for the page's first paint. Undefined if there is none. */
export async function readStored(databaseName: string, table: TableName, key: string): Promise<unknown> {
  const database = await openDatabase(databaseName);
  try {
    const keys = await storedKeys(database);
    if (!keys) return undefined;
    const name = await sealName(keys, placeOf(table, key));
    return await unseal(keys, placeOf(table, name), await database.get('sealed', [table, name]));
  } finally {
    database.close();
  }
}

interface SealedChange {
  readonly at: [table: string, name: string];
  /** Null: deleted. */
  readonly sealed: Sealed | null;
}

/** Opens or makes the database. @param databaseName one per homeserver. */
export async function browserStorage(databaseName: string): Promise<Storage> {
  const database = await openDatabase(databaseName);
  const keys = (await storedKeys(database)) ?? (await storeKeys(database));
  const names = new Map<string, Promise<string>>();
  /** Writes take effect in the order in which they were asked for, however long sealing each takes. */
  let last: Promise<void> = Promise.resolve();

  /** Naming costs a call to the browser's cryptography; the same few thousand names come again and again. */
  const nameOf = (table: TableName, key: string): Promise<string> => {
    const place = placeOf(table, key);
    const known = names.get(place) ?? sealName(keys, place);
    names.set(place, known);
    return known;
  };

  async function sealChange(change: StorageChange): Promise<SealedChange> {
    const name = await nameOf(change.table, change.key);
    const sealed = 'isDeleted' in change ? null : await seal(keys, placeOf(change.table, name), change.value);
    return { at: [change.table, name], sealed };
  }

  return {
    isKept: true,
    table: (table) => ({
      async get(key) {
        const name = await nameOf(table, key);
        return unseal(keys, placeOf(table, name), await database.get('sealed', [table, name]));
      },
      async all() {
        const range = IDBKeyRange.bound([table, ''], [table, '\uffff']);
        const transaction = database.transaction('sealed');
        const [found, at] = await Promise.all([transaction.store.getAll(range), transaction.store.getAllKeys(range)]);
        const opened = found.map((sealed, index) => unseal(keys, placeOf(table, at[index]?.[1] ?? ''), sealed));
        return (await Promise.all(opened)).filter((value) => value !== undefined);
      },
    }),
    write(changes) {
      // Sealing first: a transaction of IndexedDB ends when anything else is waited for.
      const sealed = Promise.all(changes.map(sealChange));
      const written = last.catch(() => undefined).then(async () => commit(database, await sealed));
      last = written;
      return written;
    },
    async destroy() {
      database.close();
      await deleteDB(databaseName);
    },
  };
}

async function commit(database: Database, changes: readonly SealedChange[]): Promise<void> {
  const transaction = database.transaction('sealed', 'readwrite', { durability: 'relaxed' });
  for (const { at, sealed } of changes) {
    // A failure of one ends the transaction, which reports it.
    void (sealed === null ? transaction.store.delete(at) : transaction.store.put(sealed, at)).catch(() => undefined);
  }
  await transaction.done;
}

async function storeKeys(database: Database): Promise<StorageKeys> {
  const keys = await makeStorageKeys();
  await database.put('keys', keys, keysName);
  return keys;
}

function placeOf(table: string, name: string): string {
  return `${table}\n${name}`;
}
