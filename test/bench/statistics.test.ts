import { expect, it } from 'vitest';
import { percentile, summarise } from './statistics.ts';

it('takes the nearest rank, so a percentile is always a duration that was measured', () => {
  expect(percentile([10, 20, 30, 40], 0.5)).toBe(20);
  expect(percentile([10, 20, 30, 40], 0.95)).toBe(40);
});

it('does not depend on the order of the measurements', () => {
  expect(summarise([30, 10, 20])).toEqual({ p50Ms: 20, p95Ms: 30, maxMs: 30, count: 3 });
});

it('refuses to summarise nothing', () => {
  expect(() => summarise([])).toThrow('No measurement');
});
