import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine/protocol.ts';
import { People } from './people.svelte.ts';
import { aTimeline, anItem, fakeClock, fakeEngine } from './testing.ts';
import { Timeline } from './timeline.svelte.ts';

async function opened(answers: Partial<Engine> = {}) {
  const openRoom = vi.fn<Engine['openRoom']>(async () => ({ ok: true, value: undefined }));
  const { engine } = fakeEngine({ openRoom, ...answers });
  const timeline = new Timeline(engine, new People(engine, fakeClock()));
  await timeline.open('!a');
  return { timeline, openRoom };
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
});
