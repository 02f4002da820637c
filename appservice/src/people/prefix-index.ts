/**
 * From the beginning of a word to the entries that contain such a word: the sorted distinct words with their
 * postings. Immutable once built.
 */
export interface PrefixIndex {
  /** Calls `visit` for each entry with a word that begins with `prefix`; an entry may be visited more than once. */
  visitEntries(prefix: string, visit: (entry: number) => void): void;
}

/** Builds the index. `wordsOf[entry]` are the words of the entry with that number. */
export function buildPrefixIndex(wordsOf: readonly (readonly string[])[]): PrefixIndex {
  const postings = new Map<string, number[]>();
  for (const [entry, words] of wordsOf.entries()) {
    for (const word of new Set(words)) postingsOf(postings, word).push(entry);
  }
  const sortedWords = [...postings.keys()].sort(byCodeUnit);
  const sortedPostings = sortedWords.map((word) => Uint32Array.from(postings.get(word) ?? []));
  return {
    visitEntries(prefix, visit) {
      for (
        let index = firstNotBefore(sortedWords, prefix);
        sortedWords[index]?.startsWith(prefix) === true;
        index += 1
      ) {
        for (const entry of sortedPostings[index] ?? []) visit(entry);
      }
    },
  };
}

function postingsOf(postings: Map<string, number[]>, word: string): number[] {
  const known = postings.get(word);
  if (known !== undefined) return known;
  const fresh: number[] = [];
  postings.set(word, fresh);
  return fresh;
}

/** Locale-free, because the binary search compares in the same way. */
function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function firstNotBefore(sortedWords: readonly string[], word: string): number {
  let low = 0;
  let high = sortedWords.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedWords[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
}
