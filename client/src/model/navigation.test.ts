import { describe, expect, it, vi } from 'vitest';
import { Navigation, parsePlace } from './navigation.svelte.ts';

describe('parsePlace', () => {
  it.each([
    ['/room/!abc', { view: 'room', roomId: '!abc', eventId: null, details: false }],
    [
      '/room/!abc:land.hessen.test/details',
      { view: 'room', roomId: '!abc:land.hessen.test', eventId: null, details: true },
    ],
    ['/room/!abc/$event_1-x', { view: 'room', roomId: '!abc', eventId: '$event_1-x', details: false }],
    ['/bodies', { view: 'bodies' }],
    ['/room/javascript:alert(1)', { view: 'chats' }],
    ['', { view: 'chats' }],
  ])('%s', (fragment, place) => {
    expect(parsePlace(fragment)).toEqual(place);
  });
});

describe('Navigation', () => {
  function atAddress(fragment: string, isHidden: boolean) {
    const [push, replace] = [vi.fn(), vi.fn()];
    const address = { read: () => fragment, push, replace, forget: vi.fn(), subscribe: () => () => undefined };
    return { navigation: new Navigation(address, () => isHidden), push, replace };
  }

  it('hides every address on a shared computer, links and the one with which the person came included', () => {
    const { navigation, push, replace } = atAddress('/room/!came', true);
    navigation.hide();
    navigation.openRoom('!a');
    navigation.open('bodies');
    expect(replace.mock.calls).toEqual([['/room/!came', true]]);
    expect(push.mock.calls.map(([, isHidden]: unknown[]) => isHidden)).toEqual([true, true]);
    expect(navigation.addressOf('!a')).toBe('#');
  });

  it('hides none on a computer of one’s own', () => {
    const { navigation, push, replace } = atAddress('/room/!came', false);
    navigation.hide();
    navigation.openRoom('!a');
    expect([replace.mock.calls, push.mock.calls]).toEqual([[], [['/room/!a', false]]]);
    expect(navigation.addressOf('!a')).toBe('#/room/!a');
  });
});
