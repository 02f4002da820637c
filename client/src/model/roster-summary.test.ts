import { expect, it } from 'vitest';
import type { RosterEntry } from '../engine/protocol.ts';
import { countOf, countsByUnit, openIn, passes } from './roster-summary.ts';

const states: readonly RosterEntry['state'][] = [
  'acknowledged',
  'on-it',
  'hint',
  'displayed',
  'arrived',
  'open',
  'no-device',
];
const entries = states.map((state): RosterEntry => ({ userId: `@${state}`, state, at: null }));

it('counts acts and nothing that a device says by itself', () => {
  expect(countOf(entries)).toEqual({ all: 7, acknowledged: 3 });
  expect(countOf([])).toEqual({ all: 0, acknowledged: 0 });
});

it.each([
  ['all', states],
  ['open', ['displayed', 'arrived', 'open', 'no-device']],
  ['device', ['no-device']],
] as const)('lets pass %s', (filter, expected) => {
  expect(entries.filter((entry) => passes(filter, entry)).map(({ state }) => state)).toEqual(expected);
});

it('puts the units with most open first, and those alike by name', () => {
  const units: Record<string, string> = {
    '@acknowledged': 'Ost',
    '@open': 'Mitte',
    '@displayed': 'Mitte',
    '@arrived': 'Änne',
  };
  const some = entries.filter(({ userId }) => userId in units);
  const counts = countsByUnit(some, (userId) => units[userId] ?? '');
  expect(counts.map((count) => [count.unit, openIn(count)])).toEqual([
    ['Mitte', 2],
    ['Änne', 1],
    ['Ost', 0],
  ]);
});
