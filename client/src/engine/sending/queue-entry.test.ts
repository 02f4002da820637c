import { expect, it } from 'vitest';
import { queueEntrySchema } from './queue-entry.ts';

/** What waits to be sent is nowhere but in the browser: entries that earlier versions have stored stay readable. */
it.each([
  {
    itemId: 'm',
    roomId: '!a',
    position: 1,
    createdAt: 1,
    action: { kind: 'event', type: 'm.room.message', content: { msgtype: 'm.text', body: 'Der Pegel steigt.' } },
    problem: null,
  },
  {
    itemId: 'r',
    roomId: '!a',
    position: 2,
    createdAt: 1,
    action: { kind: 'redaction', target: '$1' },
    problem: 'server',
  },
  {
    itemId: 'f',
    roomId: '!a',
    position: 3,
    createdAt: 1,
    action: { kind: 'file', name: 'Pegel.png', mimeType: 'image/png', bytes: 3, content: {}, uploaded: null },
    problem: 'file-gone',
  },
])('a stored entry of version 1 is still readable ($action.kind)', (stored) => {
  expect(queueEntrySchema.parse(stored)).toEqual(stored);
});
