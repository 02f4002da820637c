import type { Language } from './i18n.svelte.ts';
import type { Messages } from './german.ts';

const locales: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Building a formatter costs a millisecond; a timeline asks for hundreds. */
function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locales[language], options);
  formatters.set(key, known);
  return known;
}

/** 08:31 */
export function timeOfDay(language: Language, at: number): string {
  return formatter(language, { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
}

/** Whole days from `at` until `now` in local time: 0 today, 1 yesterday. */
function daysAgo(at: number, now: number): number {
  const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** For room lists: the time today, the weekday this week, the date before. */
export function listTime(language: Language, at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days <= 0) return timeOfDay(language, at);
  if (days < 7) return formatter(language, { weekday: 'short' }).format(at);
  return formatter(language, { day: '2-digit', month: '2-digit', year: '2-digit' }).format(at);
}

/** Heading over a day's messages: Heute, Montag, 23. November */
export function dayHeading(language: Language, t: Messages, at: number, now: number): string {
  const days = daysAgo(at, now);
  const date = dateOf(language, at, now, { weekday: 'long' });
  if (days === 0) return `${t.timeline.today}, ${date}`;
  return days === 1 ? `${t.timeline.yesterday}, ${date}` : date;
}

/** When a joint room ends: endet am 27. November, 18:00 Uhr */
export function ending(language: Language, t: Messages, at: number, now: number): string {
  if (at <= now) return t.room.hasEnded;
  const [days, time] = [-daysAgo(at, now), timeOfDay(language, at)];
  if (days === 0) return t.room.endsToday(time);
  return days === 1 ? t.room.endsTomorrow(time) : t.room.endsOn(dateOf(language, at, now), time);
}

/** 27. November; with the year, where it is another one. */
function dateOf(language: Language, at: number, now: number, options: Intl.DateTimeFormatOptions = {}): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = isThisYear ? {} : { year: 'numeric' as const };
  return formatter(language, { ...options, day: 'numeric', month: 'long', ...year }).format(at);
}

/** For screen readers: Montag, 23. November um 08:31 */
export function fullTime(language: Language, at: number): string {
  return formatter(language, { dateStyle: 'long', timeStyle: 'short' }).format(at);
}

/** Land Hessen und Polizei Hessen */
export function enumeration(language: Language, words: readonly string[]): string {
  return new Intl.ListFormat(locales[language]).format(words);
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** 1,8 MB */
export function fileSize(language: Language, bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const options = { style: 'unit', unit: units[power], unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locales[language], options).format(bytes / 1000 ** power);
}
