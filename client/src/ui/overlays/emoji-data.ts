import germanUrl from 'emojibase-data/de/compact.json?url';
import englishUrl from 'emojibase-data/en/compact.json?url';
import { z } from 'zod';
import type { Language } from '../../i18n/i18n.svelte.ts';
import { fold } from '../../model/fold.ts';

const emojiSchema = z.object({
  unicode: z.string(),
  label: z.string(),
  tags: z.array(z.string()).default([]),
  group: z.int().optional(),
});

export interface Emoji {
  readonly unicode: string;
  readonly label: string;
  /** Words that find it, folded. */
  readonly words: string;
  readonly group: number;
}

const addresses: Readonly<Record<Language, string>> = { de: germanUrl, en: englishUrl };
/** Skin tones and hair are parts of other emojis. */
const componentGroup = 2;

/** All emojis with their names in a language. Throws if they cannot be fetched. */
export async function loadEmojis(language: Language): Promise<readonly Emoji[]> {
  const response = await fetch(addresses[language]);
  const emojis = z.array(emojiSchema).parse(await response.json());
  return emojis.flatMap(({ unicode, label, tags, group }) =>
    group === undefined || group === componentGroup
      ? []
      : [{ unicode, label, group, words: fold([label, ...tags].join(' ')) }],
  );
}

/** Those of which each word of the query is part of a name or tag. */
export function findEmojis(emojis: readonly Emoji[], query: string): readonly Emoji[] {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  return emojis.filter((emoji) => wanted.every((word) => emoji.words.includes(word)));
}
