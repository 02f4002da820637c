import { expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

function numbers(seed: number, limit: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 500 }, () => random(limit));
}

it('gives the same numbers for the same seed, and others for another', () => {
  expect(numbers(42, 1000)).toEqual(numbers(42, 1000));
  expect(numbers(42, 1000)).not.toEqual(numbers(43, 1000));
});

it('reaches every number below the limit, and none beyond', () => {
  expect(new Set(numbers(7, 6))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});
