import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { clientConfigSchema } from '#contract/client-config.ts';
import { App, wasSignedIn } from './app.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { aRoom, anItem, fakeEngine, fakePlatform } from './testing.ts';

const config = clientConfigSchema.parse({
  serverName: 'land.hessen.test',
  homeserverUrl: 'http://127.0.0.1:4811',
  appserviceUrl: 'http://127.0.0.1:4812',
  domainName: 'Land Hessen',
  theme: 'land',
});

function anApp(answers: Parameters<typeof fakeEngine>[0] = {}) {
  const platform = fakePlatform();
  const { engine, emit } = fakeEngine(answers);
  const app = new App(config, engine, platform, new Preferences(platform.preferences, platform.languages));
  return { app, emit, platform };
}

describe('App', () => {
  it('sends trimmed text, clears the draft and sends nothing empty', () => {
    const sendText = vi.fn();
    const { app } = anApp({ sendText });
    app.drafts.set('!a', '  Guten Morgen\n');
    app.send('!a', app.drafts.of('!a'));
    app.send('!a', ' \n ');
    expect(sendText.mock.calls).toEqual([['!a', 'Guten Morgen']]);
    expect(app.drafts.of('!a')).toBe('');
  });

  it('leaves nothing of the person behind after sign-out', async () => {
    const { app, emit, platform } = anApp();
    emit({ type: 'set-up', done: 'rooms' });
    emit({ type: 'rooms', changed: [aRoom({ roomId: '!a', class: 'direkt' })], removedIds: [] });
    app.drafts.set('!a', 'vertraulich');
    app.navigation.openRoom('!a');
    await app.signOut();
    expect(app.session.phase).toBe('signed-out');
    expect(app.rooms.isEmpty).toBe(true);
    expect(app.drafts.of('!a')).toBe('');
    expect(app.navigation.roomId).toBeNull();
    expect(wasSignedIn(platform.preferences)).toBe(false);
  });

  it('says so when the homeserver ended the session', () => {
    const { app, emit } = anApp();
    emit({ type: 'session-ended' });
    expect([app.session.phase, app.session.wasEnded]).toEqual(['signed-out', true]);
  });

  it('takes timeline updates of the open room only, in the order the engine gives', async () => {
    const { app, emit } = anApp({ openRoom: async () => ({ ok: true, value: undefined }) });
    await app.timeline.open('!a');
    const items = [anItem({ id: 'one' }), anItem({ id: 'two' })];
    const update = { changed: items, order: ['two', 'one'], hasOlder: false, firstUnreadId: null };
    emit({ type: 'timeline', update: { roomId: '!other', ...update } });
    expect(app.timeline.items).toEqual([]);
    emit({ type: 'timeline', update: { roomId: '!a', ...update } });
    flushSync();
    expect(app.timeline.items.map((item) => item.id)).toEqual(['two', 'one']);
  });

  it('filters the list by unread and by the words typed', () => {
    const { app, emit } = anApp();
    const changed = [
      aRoom({ roomId: '!a', class: 'gemeinsam', name: 'Hochwasserschutz Eder', unreadCount: 3 }),
      aRoom({ roomId: '!b', class: 'einheit', name: 'Referat III 4' }),
    ];
    emit({ type: 'rooms', changed, removedIds: [] });
    app.rooms.filter = 'unread';
    expect(app.rooms.listed.map((room) => room.roomId)).toEqual(['!a']);
    app.rooms.filter = 'all';
    app.rooms.query = 'ref';
    expect(app.rooms.listed.map((room) => room.roomId)).toEqual(['!b']);
  });
});
