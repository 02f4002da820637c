import { expect, it } from 'vitest';
import { arrivals } from './arrivals.ts';

it('spreads everybody over the whole time, in order, and the same way again', () => {
  const moments = arrivals(50, 60_000, 1);
  expect(moments).toHaveLength(50);
  expect(moments).toEqual(moments.toSorted((left, right) => left - right));
  expect(moments.at(0)).toBeLessThan(10_000);
  expect(moments.at(-1)).toBeGreaterThan(50_000);
  expect(moments.at(-1)).toBeLessThan(60_000);
  expect(arrivals(50, 60_000, 1)).toEqual(moments);
});
