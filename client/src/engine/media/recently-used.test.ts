import { array, assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentlyUsed } from './recently-used.ts';

describe('RecentlyUsed', () => {
  it('gives up what was not used for longest', () => {
    const entries = new RecentlyUsed();
    for (const key of ['a', 'b', 'c']) entries.use(key, 10);
    entries.use('a', 10);
    expect(entries.shrink(20)).toEqual(['b']);
    expect(entries.shrink(10)).toEqual(['c']);
    expect(entries.sizeOf('a')).toBe(10);
  });

  it('keeps the most recently used that fit, and gives up no more than it must', () => {
    const someUses = array(tuple(constantFrom('a', 'b', 'c', 'd', 'e'), nat(100)), { minLength: 1 });
    assert(
      property(someUses, nat(300), (uses, bytesMax) => {
        const entries = new RecentlyUsed();
        for (const [key, bytes] of uses) entries.use(key, bytes);
        const removed = entries.shrink(bytesMax);
        const sizes = new Map<string, number>(uses);
        const newestFirst = [...new Set(uses.map(([key]) => key).toReversed())];
        const kept = newestFirst.filter((key) => !removed.includes(key));
        const bytesOf = (keys: readonly string[]): number => keys.reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0);
        expect(newestFirst.slice(0, kept.length)).toEqual(kept);
        expect(entries.bytes).toBe(bytesOf(kept));
        expect(entries.bytes).toBeLessThanOrEqual(bytesMax);
        if (removed.length > 0) expect(bytesOf(newestFirst.slice(0, kept.length + 1))).toBeGreaterThan(bytesMax);
      }),
    );
  });
});
