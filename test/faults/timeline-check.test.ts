import { expect, it } from 'vitest';
import { timelineFaults } from './timeline-check.ts';

const told = ['a', 'b', 'c', 'd'];

it('accepts windows that together show everything in order', () => {
  expect(timelineFaults(told, [['c', 'd'], ['a', 'b', 'c'], []])).toEqual([]);
});

it.each([
  ['a gap', [['a', 'b', 'd'], ['c']], ['d stands right after b']],
  ['a double', [['a', 'b', 'b', 'c', 'd']], ['b stands right after b']],
  ['disorder', [['a', 'c', 'b', 'd']], ['c stands right after a', 'b stands right after c', 'd stands right after b']],
  ['a loss', [['b', 'c', 'd']], ['never shown: a']],
  ['an invention', [['a', 'b', 'c', 'd', 'x']], ['unknown to the homeserver: x']],
])('finds %s', (_what, windows, faults) => {
  expect(timelineFaults(told, windows)).toEqual(faults);
});
