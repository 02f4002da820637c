import { describe, expect, it } from 'vitest';
import { anItem } from './testing.ts';
import { groupByDay } from './timeline-groups.ts';

const at = (time: string): number => Date.parse(`2026-11-${time}`);
const shape = (...args: Parameters<typeof groupByDay>): string[][][] =>
  groupByDay(...args).map((day) => day.groups.map((group) => group.items.map((item) => item.id)));

describe('groupByDay', () => {
  it('keeps messages of one person within five minutes together', () => {
    const items = [
      anItem({ id: 'a', sentAt: at('23T08:00:00') }),
      anItem({ id: 'b', sentAt: at('23T08:04:59') }),
      anItem({ id: 'c', sentAt: at('23T08:09:59') }),
    ];
    expect(shape(items, null)).toEqual([[['a', 'b'], ['c']]]);
  });

  it('begins a group with another person and a day with another date', () => {
    const items = [
      anItem({ id: 'a', sentAt: at('22T23:59:00') }),
      anItem({ id: 'b', sentAt: at('23T00:01:00') }),
      anItem({ id: 'c', sentAt: at('23T00:02:00'), senderId: '@jonas.reith:land.hessen.test' }),
    ];
    expect(shape(items, null)).toEqual([[['a']], [['b'], ['c']]]);
  });

  it('parts a group at the first unread message', () => {
    const items = [anItem({ id: 'a' }), anItem({ id: 'b' })];
    expect(shape(items, 'b')).toEqual([[['a'], ['b']]]);
  });

  it('keeps the id of a day while older messages of it come in', () => {
    const newer = anItem({ id: 'b' });
    const older = anItem({ id: 'a', sentAt: newer.sentAt - 60_000 });
    expect(groupByDay([older, newer], null)[0]?.id).toBe(groupByDay([newer], null)[0]?.id);
  });

  it('gives every day and group an id of its own, even if clocks jump back', () => {
    const items = ['23T08:00:00', '22T08:00:00', '23T08:00:00'].map((time, index) =>
      anItem({ id: String(index), sentAt: at(time) }),
    );
    const days = groupByDay(items, null);
    expect(new Set(days.map((day) => day.id)).size).toBe(3);
  });
});
