import { describe, expect, it } from 'vitest';
import { mentionAt, peopleToMention, withMentionLinks } from './mentions.ts';

describe('mentionAt', () => {
  it.each([
    ['Guten Tag @hen', { start: 10, query: 'hen' }],
    ['@', { start: 0, query: '' }],
    ['@Jonas R', { start: 0, query: 'Jonas R' }],
    ['@Jonas Reith kommt ', null],
    ['miriam.sauer@hessen.test', null],
    ['ohne', null],
  ])('%s', (text, expected) => {
    expect(mentionAt(text, text.length)).toEqual(expected);
  });

  it('looks only at what stands before the caret', () => {
    expect(mentionAt('@hen kommt', 3)).toEqual({ start: 0, query: 'he' });
  });
});

describe('peopleToMention', () => {
  const people = ['Tarek Yıldız', 'Jürgen Müller', 'Henrike Bolte'].map((name) => ({ userId: name, name, about: '' }));
  const found = (query: string): readonly string[] => peopleToMention(people, query).map((person) => person.name);

  it('finds by any beginning of a name, umlauts written either way', () => {
    expect(found('mueller')).toEqual(['Jürgen Müller']);
    expect(found('muller')).toEqual(['Jürgen Müller']);
    expect(found('yil')).toEqual(['Tarek Yıldız']);
    expect(found('rike')).toEqual([]);
  });

  it('offers everybody by name before anything is typed', () => {
    expect(found('')).toEqual(['Henrike Bolte', 'Jürgen Müller', 'Tarek Yıldız']);
  });
});

describe('withMentionLinks', () => {
  const mentioned = new Map([
    ['@Anna', '@anna:x'],
    ['@Dr. Anna Weiß', '@anna.weiss:x'],
  ]);

  it.each([
    [
      '@Anna und @Dr. Anna Weiß',
      '[@Anna](https://matrix.to/#/@anna:x) und [@Dr. Anna Weiß](https://matrix.to/#/@anna.weiss:x)',
    ],
    ['@Annabell, @Dr, Anna', '@Annabell, @Dr, Anna'],
  ])('links whole names and nothing else: %s', (text, expected) => {
    expect(withMentionLinks(text, mentioned)).toBe(expected);
  });
});
