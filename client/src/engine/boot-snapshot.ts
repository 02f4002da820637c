/** What a page paints before the engine is there: the last state, kept in one record. */
import type { ClientConfig } from '#contract/client-config.ts';
import type { KnownPeople } from './directory/directory.ts';
import type { Identity, Update } from './protocol.ts';
import { readStored } from './storage/browser-storage.ts';
import type { Storage } from './storage/storage.ts';

/** One database per address that the client is served from, and so per homeserver. */
export const databaseName = 'landbote';

const key = 'snapshot';
/** Raised whenever a type in it changes: an older snapshot is not painted, and the engine writes a new one. */
const version = 5;
/** Somebody may reload right after a message. */
const writeAfterMs = 300;

export interface BootSnapshot {
  readonly version: typeof version;
  readonly config: ClientConfig;
  readonly identity: Identity;
  readonly directory: KnownPeople;
  /** Rooms, and the room that was opened last with its newest messages. */
  readonly updates: readonly Update[];
}

/** Null if there is none that this version understands. */
export async function readBootSnapshot(): Promise<BootSnapshot | null> {
  const stored = await readStored(databaseName, 'values', key);
  return isCurrent(stored) ? stored : null;
}

/** Only this client writes the record, sealed with a key of its own; what can differ is the version that wrote it. */
function isCurrent(stored: unknown): stored is BootSnapshot {
  return typeof stored === 'object' && stored !== null && 'version' in stored && stored.version === version;
}

export interface SnapshotWriter {
  /** Something that the snapshot shows has changed. */
  touch(): void;
  stop(): void;
}

export function snapshotWriter(storage: Storage, collect: () => Omit<BootSnapshot, 'version'> | null): SnapshotWriter {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    timer = undefined;
    const state = collect();
    if (!state) return;
    const value: BootSnapshot = { version, ...state };
    void storage.write([{ table: 'values', key, value }]).catch(() => undefined);
  };
  return {
    touch() {
      timer ??= setTimeout(write, writeAfterMs);
    },
    stop: () => clearTimeout(timer),
  };
}
