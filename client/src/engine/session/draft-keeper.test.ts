import { expect, it } from 'vitest';
import { memoryStorage } from '../storage/memory-storage.ts';
import { draftKeeper } from './draft-keeper.ts';

it('keeps what was typed last in each room, beside what was kept before', async () => {
  const storage = memoryStorage();
  await storage.write([{ table: 'values', key: 'drafts', value: { '!old': 'von gestern', '!sent': 'Hallo' } }]);
  const drafts = draftKeeper(storage);
  for (const text of ['B', 'Br', 'Bri', 'Brief']) drafts.keep('!a', text);
  drafts.keep('!sent', '');
  const kept = () => storage.table('values').get('drafts');
  await expect.poll(kept).toEqual({ '!old': 'von gestern', '!a': 'Brief' });
});
