import { expect, it } from 'vitest';
import type { Decryption } from '../encryption/encryption.ts';
import { RoomTimeline } from './room-timeline.ts';
import { StoredTimeline } from './stored-timeline.ts';
import { eventsBetween } from './test-events.ts';

const unreadable: Decryption = { kind: 'unreadable', reason: 'key-missing', sessionId: 's' };
const clear: Decryption = { kind: 'clear', type: 'm.room.message', content: { body: 'geheim' }, shield: null };

it('looks for a key again that came in while it was being looked for', async () => {
  const pending = { of: () => [], subscribe: () => () => undefined, confirm: () => undefined };
  const timeline = new RoomTimeline('!a', [], StoredTimeline.empty('!a'), pending);
  const events = eventsBetween(0, 1);
  for (const event of events) event.type = 'm.room.encrypted';
  timeline.addSynced({ events, mayHaveGap: false, previousBatch: null });
  const first = Promise.withResolvers<Decryption>();
  const answers = [first.promise, Promise.resolve(clear)];
  const encryption = { decrypt: async () => answers.shift() ?? unreadable };

  const decrypted = timeline.decrypt(encryption, events);
  const again = timeline.decrypt(encryption, timeline.forgetFailures(['s']));
  first.resolve(unreadable);
  await Promise.all([decrypted, again]);

  expect(timeline.unreadable('$0')).toBeNull();
  expect(timeline.event('$0')).toMatchObject({ clear: { content: { body: 'geheim' } } });
});
