import { describe, expect, it } from 'vitest';
import { orderChildren } from './space-children.ts';

describe('orderChildren', () => {
  it('sorts by order, then by time, then by id, rooms without an order last', () => {
    const ordered = orderChildren([
      { roomId: '!d', order: null, since: 1 },
      { roomId: '!c', order: null, since: 1 },
      { roomId: '!b', order: 'b', since: 9 },
      { roomId: '!a', order: 'a', since: 9 },
      { roomId: '!e', order: 'a', since: 2 },
    ]);
    expect(ordered).toEqual(['!e', '!a', '!b', '!c', '!d']);
  });
});
