import type { Block, Inline } from '../engine/rich-text.ts';
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

type Mention = Extract<Inline, { kind: 'mention' }>;

/** The people whom a message mentions. */
export function mentionsIn(parts: readonly (Block | Inline)[]): readonly Mention[] {
  return parts.flatMap((part) => {
    if (part.kind === 'mention') return [part];
    if (part.kind === 'list') return part.items.flatMap(mentionsIn);
    return 'content' in part ? mentionsIn(part.content) : [];
  });
}

const link = /\[(@[^\]\n]+)\]\(https:\/\/matrix\.to\/#\/(@[^)\s]+)\)/;
const special = /[\\^$.*+?()[\]{}|/]/g;

/**
 * Markdown in which each mention leads to its person.
 * @param mentioned user ids by what stands in the text: `@Jonas Reith`
 */
export function withMentionLinks(text: string, mentioned: ReadonlyMap<string, string>): string {
  if (mentioned.size === 0) return text;
  const names = [...mentioned.keys()].toSorted((a, b) => b.length - a.length);
  const anyName = names.map((name) => name.replace(special, String.raw`\$&`)).join('|');
  const linked = (name: string): string => `[${name}](https://matrix.to/#/${mentioned.get(name)})`;
  return text.replace(new RegExp(String.raw`(?:${anyName})(?!\p{L})`, 'gu'), linked);
}

/** A line of such Markdown: its mentions, and everything else as it was typed. */
export function inlinesOfLine(line: string): readonly Inline[] {
  const parts = line.split(link);
  return parts.flatMap((part, index): readonly Inline[] => {
    const [kind, userId] = [index % 3, parts[index + 1]];
    if (kind === 1 && userId !== undefined) return [{ kind: 'mention', userId, name: part }];
    return kind === 0 && part !== '' ? [{ kind: 'text', text: part }] : [];
  });
}

/** What is read of such Markdown. */
export function withoutMentionLinks(text: string): string {
  return text.replace(new RegExp(link, 'g'), '$1');
}
