import { z } from 'zod';
import { draftsKey } from '../kept-drafts.ts';
import type { Storage } from '../storage/storage.ts';
import { storedValue } from '../storage/values.ts';

const draftsSchema = z.record(z.string(), z.string());

export interface DraftKeeper {
  keep(roomId: string, text: string): void;
  /** What is kept, by room id. */
  kept(): Promise<Readonly<Record<string, string>>>;
}

/** Stores drafts sealed: the browser's own storage for pages would write them down readably. */
export function draftKeeper(storage: Storage): DraftKeeper {
  const stored = storedValue(storage, draftsKey, draftsSchema);
  // The session may end, and its storage with it, before they are read; then there are none to keep.
  const drafts = stored
    .read()
    .catch(() => null)
    .then((kept) => new Map(Object.entries(kept ?? {})));
  let isWriting = false;
  let isOld = false;

  async function write(): Promise<void> {
    isOld = true;
    if (isWriting) return;
    isWriting = true;
    // What is typed during a write goes with the next.
    while (isOld) {
      isOld = false;
      await stored.write(Object.fromEntries(await drafts)).catch(() => undefined);
    }
    isWriting = false;
  }

  return {
    kept: async () => Object.fromEntries(await drafts),
    keep(roomId, text) {
      void drafts.then((kept) => {
        if (text === '') kept.delete(roomId);
        else kept.set(roomId, text);
        return write();
      });
    },
  };
}
