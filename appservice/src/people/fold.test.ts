import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldedWords, foldText } from './fold.ts';

describe('foldText', () => {
  test.each([
    ['Müller', 'Mueller'],
    ['Müller', 'MULLER'],
    ['Groß', 'gross'],
    ['Çelik', 'celik'],
    ['Łukasz', 'lukasz'],
    ['Jørgensen', 'Jorgensen'],
    ['Mu\u0308ller', 'M\u00fcller'],
  ])('makes %s and %s equal', (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });

  test('keeps different names apart', () => {
    expect(foldText('Meier')).not.toBe(foldText('Maier'));
  });

  test('keeps prefixes, so that a name is found while it is being typed', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'e', 'o', 'u', 's', 't', 'ä', 'ö', 'ü', 'ß', 'é') });
    fc.assert(fc.property(text, text, (typed, rest) => foldText(typed + rest).startsWith(foldText(typed))));
  });
});

describe('foldedWords', () => {
  test('parts words at hyphens, slashes and spaces', () => {
    expect(foldedWords(' Dr. Meyer-Lüdenscheid / Referat III 4 ')).toEqual([
      'dr',
      'meyer',
      'ludenscheid',
      'referat',
      'iii',
      '4',
    ]);
  });

  test('finds no word in punctuation alone', () => {
    expect(foldedWords(' – ./ ')).toEqual([]);
  });
});
