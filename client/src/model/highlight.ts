import { fold } from './fold.ts';

/** Between words, in names as in what is looked for. */
const separators = /[\s,.–-]+/u;

export interface Highlighted {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Marks the beginnings of words that the query's words match. */
export function highlight(text: string, query: string): readonly Highlighted[] {
  const wanted = fold(query).split(separators).filter(Boolean);
  return text.split(/(?<=[\s,.–-])/u).flatMap((word) => highlightWord(word, wanted));
}

function highlightWord(word: string, wanted: readonly string[]): readonly Highlighted[] {
  const length = Math.max(0, ...wanted.map((start) => matchLength(word, start)));
  if (length === 0) return [{ text: word, isMatch: false }];
  const parts = [
    { text: word.slice(0, length), isMatch: true },
    { text: word.slice(length), isMatch: false },
  ];
  return parts.filter((part) => part.text !== '');
}

/** Characters of `word` that the folded `start` covers; 0 if it does not begin so. */
function matchLength(word: string, start: string): number {
  if (!fold(word).startsWith(start)) return 0;
  for (let length = 1; length <= word.length; length += 1) {
    if (fold(word.slice(0, length)).length >= start.length) return length;
  }
  return 0;
}

/** The same thousand names are looked through at every key that is pressed. */
const knownWords = new Map<string, readonly string[]>();
const mostKnown = 5_000;

function wordsOf(text: string): readonly string[] {
  const words = knownWords.get(text) ?? fold(text).split(separators);
  if (knownWords.size >= mostKnown) knownWords.clear();
  knownWords.set(text, words);
  return words;
}

/** Each word of the query begins a word of the text. */
export function matches(text: string, query: string): boolean {
  const words = wordsOf(text);
  return fold(query)
    .split(separators)
    .filter(Boolean)
    .every((start) => words.some((word) => word.startsWith(start)));
}
