/** The databases in which the SDK keeps message keys (matrix-js-sdk, `MatrixClient.clearStores`). */
import { deleteDB } from 'idb';

const suffixes = ['::matrix-sdk-crypto', '::matrix-sdk-crypto-meta'];

/**
 * Deletes the key store of one device. The SDK may still hold it open: the browser then deletes it when this worker
 * ends, or `deleteLeftKeyStores` does at the next start. Its key is gone by then in any case.
 */
export async function deleteCryptoStore(prefix: string): Promise<void> {
  await Promise.all(suffixes.map((suffix) => deletedOrBlocked(`${prefix}${suffix}`)));
}

/** Deletes the key stores of all devices but one. @param keptPrefix null: nobody is signed in here. */
export async function deleteLeftKeyStores(keptPrefix: string | null): Promise<void> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const left = names.filter((name) => suffixes.some((suffix) => name.endsWith(suffix)) && !isOf(name, keptPrefix));
  await Promise.all(left.map(deletedOrBlocked));
}

function isOf(name: string, prefix: string | null): boolean {
  return prefix !== null && name.startsWith(`${prefix}::`);
}

function deletedOrBlocked(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    deleteDB(name, { blocked: () => resolve() }).then(resolve, reject);
  });
}
