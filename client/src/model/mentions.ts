import { foldUmlauts } from './fold.ts';

export interface Mentionable {
  readonly userId: string;
  readonly name: string;
  /** Body and unit; tells people of one name apart. */
  readonly about: string;
}

const mentionPattern = /(?:^|[\s(])@([\p{L}\p{M}'. -]{0,40})$/u;

/** What stands between an @ and the caret; null if the caret is not behind one. */
export function mentionAt(text: string, caret: number): { readonly start: number; readonly query: string } | null {
  const match = mentionPattern.exec(text.slice(0, caret));
  const query = match?.[1];
  // Two spaces end it: the name is complete, and a sentence goes on.
  if (query === undefined || /\s\S*\s/.test(query)) return null;
  return { start: caret - query.length - 1, query };
}

/** Those of whom each word typed begins a word of the name; by name. */
export function peopleToMention(people: readonly Mentionable[], query: string): readonly Mentionable[] {
  const wanted = foldUmlauts(query).split(/\s+/).filter(Boolean);
  return people.filter(({ name }) => beginsWith(name, wanted)).toSorted((a, b) => a.name.localeCompare(b.name, 'de'));
}

function beginsWith(name: string, wanted: readonly string[]): boolean {
  const words = foldUmlauts(name).split(/[\s-]+/);
  return wanted.every((start) => words.some((word) => word.startsWith(start)));
}
