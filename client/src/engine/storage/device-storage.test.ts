import 'fake-indexeddb/auto';
import { IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { deviceStorage } from './device-storage.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function storingFailsWith(name: string): void {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('refused', name);
  });
}

describe('what a device keeps', () => {
  test('is kept where the browser stores keys', async () => {
    const storage = await deviceStorage('kept');
    expect(storage.isKept).toBe(true);
  });

  test.each(['SecurityError', 'InvalidStateError', 'DataCloneError'])(
    'is held in memory where the browser refuses to store with a %s',
    async (name) => {
      storingFailsWith(name);
      const storage = await deviceStorage(`refused by ${name}`);
      expect(storage.isKept).toBe(false);
      await storage.write([{ table: 'values', key: 'draft', value: 'Guten Tag' }]);
      expect(await storage.table('values').get('draft')).toBe('Guten Tag');
    },
  );

  test('is held in memory where there is no IndexedDB', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect((await deviceStorage('absent')).isKept).toBe(false);
  });

  test('does not pass for absent while the disk is full', async () => {
    storingFailsWith('QuotaExceededError');
    await expect(deviceStorage('full')).rejects.toMatchObject({ name: 'QuotaExceededError' });
  });

  test('is opened again where the browser is still throwing away what a sign-out has left', async () => {
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('closed', 'AbortError');
    });
    expect((await deviceStorage('cleared')).isKept).toBe(true);
  });
});
