import { describe, expect, it } from 'vitest';
import { clientConfigSchema } from '#contract/client-config.ts';
import { App } from './app.svelte.ts';
import { Preferences, type NoticeChoice } from './preferences.svelte.ts';
import { aRoom, anItem, fakeEngine, fakePlatform } from './testing.ts';

const config = clientConfigSchema.parse({
  serverName: 'land.hessen.test',
  homeserverUrl: 'http://127.0.0.1:4811',
  appserviceUrl: 'http://127.0.0.1:4812',
  domainName: 'Land Hessen',
  theme: 'land',
  rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
});

async function chosen(choice: NoticeChoice) {
  const platform = fakePlatform();
  const { engine, emit } = fakeEngine();
  const app = new App(config, engine, platform, new Preferences(platform.preferences, platform.languages));
  await app.notices.choose(choice);
  const room = aRoom({ roomId: '!a', class: 'gemeinsam', name: 'Hochwasserschutz', unreadCount: 1 });
  emit({ type: 'rooms', changed: [room], removedIds: [] });
  const arrive = (): void => emit({ type: 'notification', roomId: '!a', item: anItem({ id: 'Pegel' }) });
  return { app, emit, room, arrive, shown: platform.notices.shown };
}

describe('Notices', () => {
  it('say who writes what and where, if the person wants it so, and without a sound', async () => {
    const { arrive, shown } = await chosen('text');
    arrive();
    expect(shown).toMatchObject([{ title: 'Henrike Bolte · Hochwasserschutz', text: 'Pegel', isSilent: true }]);
  });

  it('say no more than that there is something, if the person wants it so', async () => {
    const { arrive, shown } = await chosen('bare');
    arrive();
    expect(shown).toMatchObject([{ title: 'Landbote', text: 'Neue Nachricht' }]);
  });

  it('are not shown to who does not want them', async () => {
    const { arrive, shown } = await chosen('off');
    arrive();
    expect(shown).toEqual([]);
  });

  it('lead to their message', async () => {
    const { app, arrive, shown } = await chosen('bare');
    arrive();
    shown[0]?.onopen();
    expect([app.navigation.roomId, app.navigation.eventId]).toEqual(['!a', '$Pegel']);
  });

  it('go when the message was read on any device, and when the person signs out', async () => {
    const { app, emit, room, arrive, shown } = await chosen('bare');
    arrive();
    emit({ type: 'rooms', changed: [{ ...room, unreadCount: 0 }], removedIds: [] });
    expect(shown).toEqual([]);
    arrive();
    await app.signOut();
    expect(shown).toEqual([]);
  });

  it('are offered until the person has decided', async () => {
    const platform = fakePlatform();
    const { engine } = fakeEngine();
    const app = new App(config, engine, platform, new Preferences(platform.preferences, platform.languages));
    expect(app.notices.isOpen).toBe(true);
    await app.notices.choose('off');
    expect(app.notices.isOpen).toBe(false);
  });
});
