import { describe, expect, it } from 'vitest';
import { bestFits, fitOf } from './switcher.ts';

const names = ['Hochwasserschutz Eder 2027', 'Referat III 4 – Haushaltsrecht', 'Jürgen Müller', 'Mitteilungen HMdF'];
const found = (query: string): readonly string[] => bestFits(names, (name) => name, query);

describe('bestFits', () => {
  it.each([
    ['eder', 'Hochwasserschutz Eder 2027'],
    ['mueller', 'Jürgen Müller'],
    ['hwe', 'Hochwasserschutz Eder 2027'],
    ['ref haus', 'Referat III 4 – Haushaltsrecht'],
  ])('%s finds %s first', (query, name) => {
    expect(found(query)[0]).toBe(name);
  });

  it('puts a beginning before what only contains the word', () => {
    expect(bestFits(['Stab Unwetter', 'Unwetter'], (name) => name, 'unw')).toEqual(['Unwetter', 'Stab Unwetter']);
  });

  it('shows everything in its order before anything is typed, and nothing that does not fit', () => {
    expect(found('')).toEqual(names);
    expect(fitOf('Jürgen Müller', 'xyz')).toBe(0);
  });
});
