import { describe, expect, it } from 'vitest';
import { highlight, matches } from './highlight.ts';

const marked = (text: string, query: string): string =>
  highlight(text, query)
    .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    .join('');

describe('highlight', () => {
  it('marks beginnings of words, whatever their case and accents', () => {
    expect(marked('Carla Boltenhagen', 'bolte')).toBe('Carla [Bolte]nhagen');
    expect(marked('Tarek Yıldız', 'yildiz')).toBe('Tarek [Yıldız]');
    expect(marked('RP Kassel, Dezernat 31', 'kass dez')).toBe('RP [Kass]el, [Dez]ernat 31');
  });

  it('marks nothing inside of words', () => {
    expect(marked('Henrike Bolte', 'rike')).toBe('Henrike Bolte');
  });
});

describe('matches', () => {
  it('wants each word of the query to begin a word of the text', () => {
    expect(matches('Hochwasserschutz Eder 2027', 'eder hoch')).toBe(true);
    expect(matches('Hochwasserschutz Eder 2027', 'eder main')).toBe(false);
    expect(matches('Straßenmeisterei', 'strasse')).toBe(true);
  });

  it('finds a name by typing it as it stands', () => {
    for (const name of ['Jana Müller-Lüdenscheidt', 'St. Wendel, Bahnhof', 'Lage 1.2']) {
      expect(matches(name, name), name).toBe(true);
      expect(marked(name, name).replaceAll(/[[\]]/g, '')).toBe(name);
    }
  });
});
