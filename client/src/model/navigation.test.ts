import { describe, expect, it } from 'vitest';
import { parsePlace } from './navigation.svelte.ts';

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
