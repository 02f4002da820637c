import { deleteDB } from 'idb';

/** The databases in which the SDK keeps message keys (matrix-js-sdk, `MatrixClient.clearStores`). */
const suffixes = ['::matrix-sdk-crypto', '::matrix-sdk-crypto-meta'];

export async function deleteCryptoStore(prefix: string): Promise<void> {
  await Promise.all(suffixes.map((suffix) => deleteDB(`${prefix}${suffix}`)));
}
