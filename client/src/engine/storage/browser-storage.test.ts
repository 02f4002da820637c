import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { browserStorage, openDatabase, readStored } from './browser-storage.ts';

let lastName = 0;
function newName(): string {
  return `storage-${(lastName += 1)}`;
}

describe('the store in IndexedDB', () => {
  test('gives back what was stored, plain data and bytes, also after it was opened again', async () => {
    const name = newName();
    const first = await browserStorage(name);
    await first.write([
      { table: 'rooms', key: '!a', value: { name: 'Lage', umlaut: 'ä' } },
      { table: 'files', key: 'photo', value: new Uint8Array([1, 2, 3]) },
    ]);
    const again = await browserStorage(name);
    expect(await again.table('rooms').get('!a')).toEqual({ name: 'Lage', umlaut: 'ä' });
    expect(await again.table('files').get('photo')).toEqual(new Uint8Array([1, 2, 3]));
    expect(await again.table('rooms').all()).toEqual([{ name: 'Lage', umlaut: 'ä' }]);
    expect(await readStored(name, 'rooms', '!a')).toEqual({ name: 'Lage', umlaut: 'ä' });
  });

  test('shows neither values nor the names they are stored under', async () => {
    const name = newName();
    const storage = await browserStorage(name);
    await storage.write([{ table: 'rooms', key: '!canary-room', value: { text: 'canary-text' } }]);
    const database = await openDatabase(name);
    const raw = [await database.getAllKeys('sealed'), await database.getAll('sealed')];
    const bytes = (await database.getAll('sealed')).map(({ data }) => new TextDecoder('latin1').decode(data)).join('');
    expect(JSON.stringify(raw)).not.toContain('canary');
    expect(bytes).not.toContain('canary');
    expect(await storage.table('rooms').get('!canary-room')).toEqual({ text: 'canary-text' });
  });

  test('takes a record that was moved to another place for absent', async () => {
    const name = newName();
    const storage = await browserStorage(name);
    await storage.write([
      { table: 'rooms', key: 'one', value: 1 },
      { table: 'rooms', key: 'two', value: 2 },
    ]);
    const database = await openDatabase(name);
    const [first, second] = await database.getAllKeys('sealed');
    if (!first || !second) throw new Error('two records were stored');
    const moved = await database.get('sealed', first);
    if (!moved) throw new Error('the record was stored');
    await database.put('sealed', moved, second);
    expect(await storage.table('rooms').all()).toHaveLength(1);
  });

  test('lets the later of two writes win, however long sealing takes', async () => {
    const storage = await browserStorage(newName());
    const large = storage.write([{ table: 'values', key: 'draft', value: 'x'.repeat(2_000_000) }]);
    const small = storage.write([{ table: 'values', key: 'draft', value: 'new' }]);
    await Promise.all([large, small]);
    expect(await storage.table('values').get('draft')).toBe('new');
  });

  test('forgets everything, keys included', async () => {
    const name = newName();
    const storage = await browserStorage(name);
    await storage.write([{ table: 'values', key: 'session', value: 'secret' }]);
    await storage.destroy();
    const anew = await browserStorage(name);
    expect(await anew.table('values').get('session')).toBeUndefined();
  });
});
