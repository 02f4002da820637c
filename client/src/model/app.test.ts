import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { clientConfigSchema } from '#contract/client-config.ts';
import { App, wasSignedIn } from './app.svelte.ts';
import type { Engine } from '../engine/protocol.ts';
import { Preferences } from './preferences.svelte.ts';
import { aRoom, aTimeline, anItem, fakeClock, fakeEngine, fakePlatform } from './testing.ts';

const config = clientConfigSchema.parse({
  serverName: 'land.hessen.test',
  homeserverUrl: 'http://127.0.0.1:4811',
  appserviceUrl: 'http://127.0.0.1:4812',
  domainName: 'Land Hessen',
  theme: 'land',
  rosterKeys: ['11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
});

function anApp(answers: Parameters<typeof fakeEngine>[0] = {}) {
  const clock = fakeClock();
  const platform = fakePlatform(clock);
  const { engine, emit } = fakeEngine(answers);
  const app = new App(config, engine, platform, new Preferences(platform.preferences, platform.languages));
  return { app, emit, platform, clock };
}

describe('App', () => {
  it('shows the stored state before the engine answers, and keeps it while the homeserver is away', async () => {
    const { app } = anApp({ restore: async () => ({ ok: false, failure: { kind: 'unreachable' } }) });
    const order = ['one'];
    app.showStored({ userId: '@m:land.hessen.test', deviceId: 'A', isSharedComputer: false }, [
      { type: 'rooms', changed: [aRoom({ roomId: '!a', class: 'einheit' })], removedIds: [] },
      { type: 'timeline', update: aTimeline({ roomId: '!a', changed: [anItem({ id: 'one' })], order }) },
    ]);
    await app.session.restore(null);
    expect([app.session.phase, app.rooms.isLoaded, app.timeline.items.length]).toEqual(['ready', true, 1]);
  });

  it('keeps the stored messages in sight while the engine opens the room', () => {
    const { app } = anApp();
    const update = aTimeline({ roomId: '!a', changed: [anItem({ id: 'one' })], order: ['one'] });
    app.showStored({ userId: '@m:land.hessen.test', deviceId: 'A', isSharedComputer: false }, [
      { type: 'timeline', update },
    ]);
    void app.timeline.open('!a');
    expect(app.timeline.items.map((item) => item.id)).toEqual(['one']);
  });

  it('never shows the invitation into a room that the person has begun', () => {
    const { app, emit } = anApp();
    const room = aRoom({ roomId: '!a', class: 'gruppe' });
    const arrive = (membership: 'invite' | 'join', roomId = '!a'): string => {
      emit({ type: 'rooms', changed: [{ ...room, roomId, membership }], removedIds: [] });
      return app.stage;
    };
    arrive('invite');
    app.openBegun('!a');
    expect([app.stage, arrive('invite'), arrive('join')]).toEqual(['opening', 'opening', 'joined']);
    app.navigation.openRoom('!b');
    expect([app.stage, arrive('invite', '!b'), arrive('join', '!b')]).toEqual(['opening', 'invitation', 'joined']);
  });

  it('knows of an account without rooms that it has none', () => {
    const { app, emit } = anApp();
    expect(app.rooms.isLoaded).toBe(false);
    emit({ type: 'set-up', done: 'encryption' });
    expect(app.rooms.isLoaded).toBe(false);
    emit({ type: 'set-up', done: 'rooms' });
    expect([app.rooms.isLoaded, app.rooms.isEmpty]).toEqual([true, true]);
  });

  it('lists an invitation once it has stayed, and at once if it was there before the page', () => {
    const { app, emit, clock } = anApp();
    const arrive = (roomId: string, membership: 'invite' | 'join'): readonly string[] => {
      const room = aRoom({ roomId, class: 'gruppe', membership });
      emit({ type: 'rooms', changed: [room], removedIds: [] });
      return app.rooms.invitations.map((invitation) => invitation.roomId);
    };
    expect(arrive('!old', 'invite')).toEqual(['!old']);
    expect([arrive('!joined', 'invite'), arrive('!joined', 'join')]).toEqual([['!old'], ['!old']]);
    expect(arrive('!new', 'invite')).toEqual(['!old']);
    clock.pass(3_000);
    expect(app.rooms.invitations.map(({ roomId }) => roomId).toSorted()).toEqual(['!new', '!old']);
  });

  it('knows a room as it last was from the moment the person is out of it until they are in it again', () => {
    const { app, emit } = anApp();
    const room = aRoom({ roomId: '!a', class: 'verbund', name: 'Einsatz Waldeck' });
    emit({
      type: 'rooms',
      changed: [room, aRoom({ roomId: '!b', class: 'verbund', membership: 'invite' })],
      removedIds: [],
    });
    emit({ type: 'rooms', changed: [], removedIds: ['!a', '!b'] });
    app.navigation.openRoom('!a');
    expect([app.rooms.findLeft('!a'), app.rooms.findLeft('!b'), app.stage]).toEqual([room, null, 'left']);
    emit({ type: 'rooms', changed: [room], removedIds: [] });
    expect([app.rooms.findLeft('!a'), app.rooms.find('!a')]).toEqual([null, room]);
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

  it('says so when the browser has thrown away what was stored, and has the lost device taken off the account', async () => {
    const identity = { userId: '@m:land.hessen.test', deviceId: 'NEW', isSharedComputer: false };
    const signIn = vi.fn<Engine['signIn']>(async () => ({ ok: true, value: identity }));
    const { app, platform } = anApp({ restore: async () => ({ ok: true, value: null }), signIn });
    platform.preferences.set('signed-in', 'OLD');
    await app.restore();
    expect([app.session.phase, app.session.lostDeviceId]).toEqual(['signed-out', 'OLD']);
    await app.signIn({ name: 'm', password: 'geheim', isSharedComputer: false });
    expect(signIn).toHaveBeenCalledWith(expect.objectContaining({ lostDeviceId: 'OLD' }));
    expect(app.session.lostDeviceId).toBeNull();
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
    const update = aTimeline({ changed: items, order: ['two', 'one'] });
    emit({ type: 'timeline', update: { ...update, roomId: '!other' } });
    expect(app.timeline.items).toEqual([]);
    emit({ type: 'timeline', update: { ...update, roomId: '!a' } });
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

  it('shows each room as it is now, also where its place has not changed', () => {
    const { app, emit } = anApp();
    const room = aRoom({ roomId: '!a', class: 'einheit', name: 'Referat III 4' });
    const change = (changes: Partial<typeof room>) =>
      emit({ type: 'rooms', changed: [{ ...room, ...changes }], removedIds: [] });
    change({});
    change({ unreadCount: 2 });
    expect([app.rooms.now(room).unreadCount, app.rooms.unreadRooms]).toEqual([2, 1]);
    change({ unreadCount: 2, name: 'Referat III 5' });
    expect(app.rooms.sections.others[0]?.name).toBe('Referat III 5');
    emit({ type: 'rooms', changed: [], removedIds: ['!a'] });
    expect([app.rooms.isEmpty, app.rooms.unreadRooms]).toEqual([true, 0]);
  });
});
