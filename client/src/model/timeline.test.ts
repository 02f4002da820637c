import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine/protocol.ts';
import { People } from './people.svelte.ts';
import { aTimeline, anItem, fakeClock, fakeEngine } from './testing.ts';
import { Timeline } from './timeline.svelte.ts';

async function opened(answers: Partial<Engine> = {}) {
  const openRoom = vi.fn<Engine['openRoom']>(async () => ({ ok: true, value: undefined }));
  const { engine } = fakeEngine({ openRoom, ...answers });
  const clock = fakeClock();
  const timeline = new Timeline(engine, new People(engine, clock), clock);
  await timeline.open('!a');
  return { timeline, openRoom, clock };
}

describe('Timeline', () => {
  it('goes to a message within the window at once and opens the room around any other', async () => {
    const { timeline, openRoom } = await opened();
    timeline.apply(aTimeline({ changed: [anItem({ id: 'one' })], order: ['one'] }));
    timeline.show('$one');
    expect([timeline.target, openRoom.mock.calls.length]).toEqual(['$one', 1]);
    timeline.show('$far');
    expect(openRoom).toHaveBeenLastCalledWith('!a', '$far');
  });

  it('holds only what the window names', async () => {
    const { timeline } = await opened();
    timeline.apply(aTimeline({ changed: [anItem({ id: 'one' }), anItem({ id: 'two' })], order: ['one', 'two'] }));
    timeline.apply(aTimeline({ changed: [anItem({ id: 'three' })], order: ['two', 'three'] }));
    timeline.apply(aTimeline({ order: ['one', 'two', 'three'] }));
    expect(timeline.items.map((item) => item.id)).toEqual(['two', 'three']);
  });

  it('loads one part at a time, and nothing where there is nothing', async () => {
    const loadOlder = vi.fn<Engine['loadOlder']>(() => new Promise(() => undefined));
    const { timeline } = await opened({ loadOlder });
    void timeline.loadOlder();
    timeline.apply(aTimeline({ hasOlder: true }));
    void timeline.loadOlder();
    void timeline.loadOlder();
    expect(loadOlder).toHaveBeenCalledOnce();
  });

  it('reads out what arrives and not what the person wrote', async () => {
    const { timeline } = await opened();
    timeline.apply(aTimeline({ changed: [anItem({ id: 'one' })], order: ['one'] }));
    timeline.addEcho(anItem({ id: 'own', isOwn: true }));
    timeline.apply(aTimeline({ changed: [anItem({ id: 'own', isOwn: true })], order: ['one', 'own'] }));
    expect(timeline.arrived?.id).toBe('one');
    timeline.apply(aTimeline({ changed: [anItem({ id: 'two' })], order: ['one', 'own', 'two'] }));
    expect(timeline.arrived?.id).toBe('two');
  });

  it('keeps the room that is left on the screen until there is something of the next one', async () => {
    const { timeline, openRoom } = await opened();
    timeline.apply(aTimeline({ changed: [anItem({ id: 'one' })], order: ['one'] }));
    openRoom.mockReturnValue(new Promise(() => undefined));
    void timeline.open('!b');
    expect([timeline.leaving, timeline.items.length]).toEqual(['!a', 1]);
    timeline.apply(aTimeline({ roomId: '!b', changed: [anItem({ id: 'two' })], order: ['two'] }));
    expect([timeline.leaving, timeline.roomId, timeline.items.map(({ id }) => id)]).toEqual([null, '!b', ['two']]);
  });

  it('makes way after a moment where nothing comes, and once it is clear that nothing will', async () => {
    const { timeline, openRoom, clock } = await opened();
    openRoom.mockReturnValueOnce(new Promise(() => undefined));
    void timeline.open('!slow');
    clock.pass(100);
    expect([timeline.leaving, timeline.roomId, timeline.isLoading]).toEqual([null, '!slow', true]);
    await timeline.open('!empty');
    expect([timeline.leaving, timeline.roomId, timeline.isLoading]).toEqual([null, '!empty', false]);
  });

  it('asks for a room once while it is on its way, and shows only the one that was asked for last', async () => {
    const { timeline, openRoom } = await opened();
    openRoom.mockReturnValue(new Promise(() => undefined));
    void timeline.open('!b');
    void timeline.open('!b');
    void timeline.open('!c');
    timeline.apply(aTimeline({ roomId: '!b', changed: [anItem({ id: 'two' })], order: ['two'] }));
    expect(openRoom.mock.calls.map(([roomId]) => roomId)).toEqual(['!a', '!b', '!c']);
    expect(timeline.roomId).toBe('!a');
  });

  it('names what was sent from here, and nothing else, as what the view goes to', async () => {
    const { timeline } = await opened();
    timeline.apply(aTimeline({ changed: [anItem({ id: 'old', isOwn: true })], order: ['old'] }));
    expect(timeline.sentId).toBeNull();
    timeline.addEcho(anItem({ id: 'new', isOwn: true }));
    expect(timeline.sentId).toBe('new');
  });

  it('shows what was prefetched at once, for a short time, and what the engine gives afterwards', async () => {
    const update = aTimeline({ roomId: '!b', changed: [anItem({ id: 'two' })], order: ['two'] });
    const prefetch = vi.fn<Engine['prefetch']>(async () => ({ ok: true, value: update }));
    const { timeline, openRoom, clock } = await opened({ prefetch });
    openRoom.mockReturnValue(new Promise(() => undefined));
    await timeline.prefetch('!b');
    void timeline.open('!b');
    expect([timeline.roomId, timeline.items.map(({ id }) => id)]).toEqual(['!b', ['two']]);
    timeline.apply({ ...update, changed: [anItem({ id: 'three' })], order: ['two', 'three'] });
    expect(timeline.items.map(({ id }) => id)).toEqual(['two', 'three']);
    await timeline.prefetch('!c');
    clock.pass(60_000);
    void timeline.open('!b', '$far');
    expect(timeline.items).toEqual([]);
  });

  it('asks the next engine too for a room that was on its way', async () => {
    const { timeline, openRoom } = await opened();
    openRoom.mockReturnValue(new Promise(() => undefined));
    void timeline.open('!a');
    timeline.openAgain();
    void timeline.open('!b', '$far');
    timeline.openAgain();
    expect(openRoom.mock.calls.slice(1)).toEqual([
      ['!a', null],
      ['!a', null],
      ['!b', '$far'],
      ['!b', '$far'],
    ]);
  });
});
