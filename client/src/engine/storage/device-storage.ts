/** What this browser keeps on this device, or, where it keeps nothing, its memory. */
import { browserStorage } from './browser-storage.ts';
import { memoryStorage } from './memory-storage.ts';
import type { Storage } from './storage.ts';

/**
 * How browsers say that they store nothing here, today or tomorrow: cookies and site data are blocked (SecurityError),
 * private windows of some (InvalidStateError), keys that cannot be stored (DataCloneError).
 */
const refusals: ReadonlySet<string> = new Set(['SecurityError', 'InvalidStateError', 'DataCloneError']);

/**
 * @param databaseName one per homeserver.
 * @throws for what may pass, as a full disk: what is stored must not look as if it were gone.
 */
export async function deviceStorage(databaseName: string): Promise<Storage> {
  if (typeof indexedDB === 'undefined') return memoryStorage();
  try {
    return await browserStorage(databaseName);
  } catch (error) {
    if (error instanceof DOMException && refusals.has(error.name)) return memoryStorage();
    throw error;
  }
}
