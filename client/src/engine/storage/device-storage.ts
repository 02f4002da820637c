/** What this browser keeps on this device, or, where it keeps nothing, its memory. */
import { browserStorage } from './browser-storage.ts';
import { Pause } from '../pause.ts';
import { memoryStorage } from './memory-storage.ts';
import type { Storage } from './storage.ts';

/**
 * How browsers say that they store nothing here, today or tomorrow: cookies and site data are blocked (SecurityError),
 * private windows of some (InvalidStateError), keys that cannot be stored (DataCloneError).
 */
const refusals: ReadonlySet<string> = new Set(['SecurityError', 'InvalidStateError', 'DataCloneError']);

/** After a sign-out the browser throws everything away; what is opened meanwhile it breaks off (AbortError). */
const breakOffsMax = 20;
const againAfterMs = 250;

/**
 * @param databaseName one per homeserver.
 * @throws for what may pass, as a full disk: what is stored must not look as if it were gone.
 */
export async function deviceStorage(databaseName: string): Promise<Storage> {
  if (typeof indexedDB === 'undefined') return memoryStorage();
  for (let breakOffs = 0; ; breakOffs += 1) {
    try {
      return await browserStorage(databaseName);
    } catch (error) {
      const reason = error instanceof DOMException ? error.name : '';
      if (refusals.has(reason)) return memoryStorage();
      if (reason !== 'AbortError' || breakOffs >= breakOffsMax) throw error;
      await new Pause().wait(againAfterMs);
    }
  }
}
