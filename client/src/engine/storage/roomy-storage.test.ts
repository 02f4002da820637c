import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage } from './memory-storage.ts';
import { roomyStorage } from './roomy-storage.ts';
import type { StorageChange } from './storage.ts';
import { StorageFullError } from './storage-full.ts';

const note: StorageChange = { table: 'values', key: 'note', value: 'Pegel' };

/** A device with so much room; every write takes what its bytes take, and deleting gives it back. */
function device(bytesFree: number) {
  const memory = memoryStorage();
  const sizes = new Map<string, number>();
  const room = { bytesFree };
  const write = async (changes: readonly StorageChange[]): Promise<void> => {
    for (const change of changes) {
      const value = 'value' in change ? change.value : '';
      const bytes = value instanceof Uint8Array ? value.length : 10;
      const freed = sizes.get(change.key) ?? 0;
      if (!('isDeleted' in change) && bytes > room.bytesFree + freed) throw new DOMException('', 'QuotaExceededError');
      sizes.set(change.key, 'isDeleted' in change ? 0 : bytes);
      room.bytesFree += freed - (sizes.get(change.key) ?? 0);
    }
    await memory.write(changes);
  };
  return { storage: { ...memory, write }, room };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a store on a device that may be full', () => {
  it('gives up what can be loaded again, and says nothing where that helps', async () => {
    const { storage, room } = device(0);
    const onFull = vi.fn<(isFull: boolean) => void>();
    const roomy = roomyStorage(storage, { freeSpace: async () => void (room.bytesFree = 1_000), onFull });
    await roomy.write([note]);
    expect(await roomy.table('values').get('note')).toBe('Pegel');
    expect(onFull).not.toHaveBeenCalled();
  });

  it('says that it is full, once, and that it is not any more when there is room', async () => {
    const { storage, room } = device(0);
    const onFull = vi.fn<(isFull: boolean) => void>();
    const roomy = roomyStorage(storage, { freeSpace: async () => undefined, onFull });
    await expect(roomy.write([note])).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await expect(roomy.write([note])).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await vi.advanceTimersByTimeAsync(60_000);
    room.bytesFree = 1_000_000;
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onFull.mock.calls).toEqual([[true], [false]]);
    expect(room.bytesFree, 'what was tried is gone again').toBe(1_000_000);
  });

  it('has no room for keys where only small things fit', async () => {
    const { storage, room } = device(10_000);
    const roomy = roomyStorage(storage, { freeSpace: async () => undefined, onFull: () => undefined });
    await roomy.write([note]);
    await expect(roomy.ensureRoom()).rejects.toBeInstanceOf(StorageFullError);
    room.bytesFree = 1_000_000;
    await roomy.ensureRoom();
    roomy.stop();
  });

  it('passes on what has nothing to do with room', async () => {
    const onFull = vi.fn<(isFull: boolean) => void>();
    const broken = { ...memoryStorage(), write: () => Promise.reject(new DOMException('', 'InvalidStateError')) };
    const roomy = roomyStorage(broken, { freeSpace: async () => undefined, onFull });
    await expect(roomy.write([note])).rejects.toMatchObject({ name: 'InvalidStateError' });
    await expect(roomy.ensureRoom()).rejects.toMatchObject({ name: 'InvalidStateError' });
    expect(onFull).not.toHaveBeenCalled();
  });
});
