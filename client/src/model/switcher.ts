import { foldUmlauts } from './fold.ts';

/**
 * How well a query fits a name: 0 not at all, more is better. Beginnings of words count more than parts of words, and
 * these more than letters in order, so that `hwe` still finds Hochwasserschutz Eder.
 */
export function fitOf(name: string, query: string): number {
  const text = foldUmlauts(name);
  const wanted = foldUmlauts(query).trim();
  if (wanted === '') return 1;
  const words = text.split(/[\s,./–-]+/u);
  if (text.startsWith(wanted)) return 5;
  if (wanted.split(/\s+/).every((start) => words.some((word) => word.startsWith(start)))) return 4;
  if (text.includes(wanted)) return 3;
  return isSubsequence(wanted.replace(/\s/g, ''), text) ? 2 : 0;
}

function isSubsequence(wanted: string, text: string): boolean {
  let position = -1;
  return wanted.split('').every((letter) => (position = text.indexOf(letter, position + 1)) >= 0);
}

/** The best fits first; those that fit alike stay in their order. */
export function bestFits<T>(candidates: readonly T[], nameOf: (candidate: T) => string, query: string): readonly T[] {
  return candidates
    .map((candidate) => ({ candidate, fit: fitOf(nameOf(candidate), query) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ candidate }) => candidate);
}
