import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './person-display.ts';

describe('initialsOf', () => {
  it.each([
    ['Miriam Sauer', 'MS'],
    ['Dr. Katrin Vogelsang', 'KV'],
    ['Anna-Lena von der Heide', 'AH'],
    ['Cem', 'C'],
    ['@jemand', '@'],
  ])('%s → %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('hueOf', () => {
  it('gives every id one of the twelve hues, also ids that are names of object members', () => {
    for (const id of ['hmdf', 'schule-am-wald', '__proto__', 'constructor', 'hasOwnProperty']) {
      expect(hueOf(id)).toBeGreaterThanOrEqual(0);
      expect(hueOf(id)).toBeLessThan(12);
    }
  });
});
