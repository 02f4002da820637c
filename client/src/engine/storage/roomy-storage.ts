/** A store on a device that may be full: makes room by itself, says where that did not help, and when there is room again. */
import type { Storage, StorageChange } from './storage.ts';
import { isStorageFull, StorageFullError } from './storage-full.ts';

export interface RoomyStorage extends Storage {
  /**
   * Settles if there is room for what the key store writes at once: the keys of a hundred messages.
   * @throws StorageFullError
   */
  ensureRoom(): Promise<void>;
  stop(): void;
}

export interface RoomySurroundings {
  /** Gives up what can be loaded again. */
  freeSpace(): Promise<void>;
  onFull(isFull: boolean): void;
}

const probe = { table: 'values', key: 'probe' } as const;
const probeBytes = 256 * 1024;
const lookAgainMs = 5_000;

export function roomyStorage(storage: Storage, { freeSpace, onFull }: RoomySurroundings): RoomyStorage {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isShownFull = false;
  let hasStopped = false;

  /** Does it again after space was freed. */
  async function withRoom(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isStorageFull(error)) throw error;
      await freeSpace();
      await work().catch((again: unknown) => {
        if (isStorageFull(again)) wait();
        throw again;
      });
    }
  }

  async function tryRoom(): Promise<void> {
    await storage.write([{ ...probe, value: new Uint8Array(probeBytes) }]);
    await storage.write([{ ...probe, isDeleted: true }]);
  }

  function wait(): void {
    if (timer !== undefined || hasStopped) return;
    show(true);
    timer = setTimeout(() => void lookAgain(), lookAgainMs);
  }

  async function lookAgain(): Promise<void> {
    const isStillFull = await tryRoom().then(() => false, isStorageFull);
    timer = undefined;
    if (hasStopped) return;
    if (isStillFull) wait();
    else show(false);
  }

  function show(isFull: boolean): void {
    if (isFull === isShownFull) return;
    isShownFull = isFull;
    onFull(isFull);
  }

  return {
    ...storage,
    write: (changes: readonly StorageChange[]) => withRoom(() => storage.write(changes)),
    async ensureRoom() {
      try {
        await withRoom(tryRoom);
      } catch (error) {
        throw isStorageFull(error) ? new StorageFullError('no room for keys', { cause: error }) : error;
      }
    },
    stop() {
      hasStopped = true;
      clearTimeout(timer);
    },
  };
}
