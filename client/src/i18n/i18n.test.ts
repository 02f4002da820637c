import { describe, expect, it } from 'vitest';
import { alertTextsIn } from './alert-texts.ts';
import { english } from './english.ts';
import { dayHeading, ending, listTime } from './format.ts';
import { german } from './german.ts';
import { preferredLanguage } from './i18n.svelte.ts';

function untranslated(source: object, translation: object, path = ''): string[] {
  const other = new Map(Object.entries(translation));
  return Object.entries(source).flatMap(([key, text]: [string, unknown]) => {
    const translated: unknown = other.get(key);
    if (typeof text === 'object' && text !== null && typeof translated === 'object' && translated !== null) {
      return untranslated(text, translated, `${path}${key}.`);
    }
    return typeof text === 'string' && text === translated ? [path + key] : [];
  });
}

describe('texts', () => {
  it('are translated, except for names', () => {
    expect(untranslated(german, english)).toEqual([
      'app.name',
      'navigation.chats',
      'settings.german',
      'settings.english',
      'settings.system',
    ]);
    expect(untranslated(alertTextsIn.de, alertTextsIn.en)).toEqual(['urgencies.alarm', 'text']);
  });

  it('follow the browser, and are German where it asks for neither language', () => {
    expect(preferredLanguage(['fr-FR', 'en-GB', 'de'])).toBe('en');
    expect(preferredLanguage(['fr-FR'])).toBe('de');
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 23, 9, 0).getTime();

  it('name today and yesterday', () => {
    expect(dayHeading('de', german, now, now)).toBe('Heute, Montag, 23. November');
    expect(dayHeading('de', german, new Date(2026, 10, 22, 23, 59).getTime(), now)).toBe(
      'Gestern, Sonntag, 22. November',
    );
    expect(dayHeading('de', german, new Date(2025, 10, 22).getTime(), now)).toBe('Samstag, 22. November 2025');
  });

  it('say when a joint room ends, to the minute', () => {
    const ends = (month: number, day: number, hour: number, minute = 0): string =>
      ending('de', german, new Date(2026, month, day, hour, minute).getTime(), now);
    expect(ends(10, 27, 18)).toBe('endet am 27. November, 18:00 Uhr');
    expect(ends(10, 24, 0, 5)).toBe('endet morgen, 00:05 Uhr');
    expect(ends(10, 23, 9, 1)).toBe('endet heute, 09:01 Uhr');
    expect(ends(10, 23, 9)).toBe('ist beendet');
    expect(ending('de', german, new Date(2027, 2, 31, 18).getTime(), now)).toBe('endet am 31. März 2027, 18:00 Uhr');
  });

  it('shorten with distance', () => {
    expect(listTime('de', new Date(2026, 10, 23, 8, 24).getTime(), now)).toBe('08:24');
    expect(listTime('de', new Date(2026, 10, 20, 8, 24).getTime(), now)).toBe('Fr');
    expect(listTime('de', new Date(2026, 9, 1).getTime(), now)).toBe('01.10.26');
  });
});
