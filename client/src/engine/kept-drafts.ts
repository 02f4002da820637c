/** What was typed and not sent, as the page reads it for its first paint, before the engine is there. */
import { readStored } from './storage/browser-storage.ts';

export const draftsKey = 'drafts';

/** By room id. */
export type KeptDrafts = Readonly<Record<string, string>>;

export async function readDrafts(databaseName: string): Promise<KeptDrafts> {
  const stored = await readStored(databaseName, 'values', draftsKey);
  return isDrafts(stored) ? stored : {};
}

/** By hand: a library for schemas would weigh more than all else that the page loads before the list. */
function isDrafts(stored: unknown): stored is KeptDrafts {
  return (
    typeof stored === 'object' && stored !== null && Object.values(stored).every((text) => typeof text === 'string')
  );
}
