/**
 * People search and look-up over the organisation in force. It holds nobody but the people of its own trust
 * domain's declaration, so it cannot show anybody else. Built once per revision; searching is pure and in memory.
 */
import type { People, PersonSummary } from '#contract/api.ts';
import type { UserId } from '#contract/ids.ts';
import type { Organisation, Role } from '#contract/organisation.ts';
import { foldedWords } from './fold.ts';
import { personEntriesOf, type PersonEntry } from './person-entry.ts';
import { buildPrefixIndex, type PrefixIndex } from './prefix-index.ts';
import { bestMatches, type NameHitsOf } from './ranking.ts';

export interface PeopleDirectory {
  /** null for somebody who is not declared. */
  person(userId: UserId): PersonSummary | null;
  /** Roles in administration; none for somebody who is not declared. */
  rolesOf(userId: UserId): readonly Role[];
  /** null for somebody who is given none, or not declared. */
  conversationRoleOf(userId: UserId): string | null;
  /** The declared among `userIds`, in their order. */
  lookup(userIds: readonly UserId[]): People;
  /**
   * People of whom every word of `query` begins a word of their name, body, unit, function or posts; name hits first,
   * then the caller's own body, then by name. Without words: the caller's own unit. Never the caller.
   */
  search(query: string, limit: number, caller: UserId): People;
}

interface Index {
  readonly entries: readonly PersonEntry[];
  readonly numberOf: ReadonlyMap<string, number>;
  readonly names: PrefixIndex;
  readonly others: PrefixIndex;
  /** Per entry the number of its body and of its unit: going through these is much faster than through the entries. */
  readonly bodies: Uint32Array;
  readonly units: Uint32Array;
}

/** Builds the directory of one declaration: a few seconds for 150,000 people. */
export function buildPeopleDirectory(organisation: Pick<Organisation, 'bodies'>): PeopleDirectory {
  const index = buildIndex(personEntriesOf(organisation.bodies));
  const entryOf = (userId: UserId) => index.entries[index.numberOf.get(userId) ?? -1];
  return {
    person: (userId) => entryOf(userId)?.summary ?? null,
    rolesOf: (userId) => entryOf(userId)?.roles ?? [],
    conversationRoleOf: (userId) => entryOf(userId)?.conversationRole ?? null,
    lookup(userIds) {
      const people = [...new Set(userIds)].flatMap((userId) => entryOf(userId)?.summary ?? []);
      return { people, total: people.length };
    },
    search(query, limit, caller) {
      const callerNumber = index.numberOf.get(caller) ?? null;
      const words = foldedWords(query);
      const nameHitsOf = words.length > 0 ? matchWords(index, words) : matchUnit(index, callerNumber);
      const { best, total } = bestMatches({ ...index, nameHitsOf, limit, caller: callerNumber });
      return { people: best.flatMap((number) => index.entries[number]?.summary ?? []), total };
    },
  };
}

function buildIndex(entries: readonly PersonEntry[]): Index {
  const foldOnce = rememberedFolding();
  return {
    entries,
    numberOf: new Map(entries.map((entry, number) => [entry.summary.userId, number])),
    names: buildPrefixIndex(entries.map((entry) => foldedWords(entry.summary.name))),
    others: buildPrefixIndex(entries.map((entry) => entry.otherTexts.flatMap(foldOnce))),
    bodies: numbered(entries.map(({ summary }) => summary.body)),
    units: numbered(entries.map(({ summary }) => `${summary.body}/${summary.unit?.id ?? ''}`)),
  };
}

/** Names of bodies and units repeat thousands of times; folding each once makes building several times faster. */
function rememberedFolding(): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const words = known.get(text) ?? foldedWords(text);
    known.set(text, words);
    return words;
  };
}

/** Gives equal texts equal numbers. */
function numbered(texts: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  for (const text of texts) if (!numbers.has(text)) numbers.set(text, numbers.size);
  return Uint32Array.from(texts, (text) => numbers.get(text) ?? 0);
}

/** Counts per entry how many words were found so far; an entry matches if none was missed. */
function matchWords(index: Index, words: readonly string[]): NameHitsOf {
  const wordsFound = new Uint8Array(index.entries.length);
  const nameHits = new Uint8Array(index.entries.length);
  for (const [position, word] of words.entries()) {
    index.names.visitEntries(word, (entry) => {
      if (wordsFound[entry] !== position) return;
      wordsFound[entry] = position + 1;
      nameHits[entry] = (nameHits[entry] ?? 0) + 1;
    });
    index.others.visitEntries(word, (entry) => {
      if (wordsFound[entry] === position) wordsFound[entry] = position + 1;
    });
  }
  return (entry) => (wordsFound[entry] === words.length ? (nameHits[entry] ?? 0) : null);
}

function matchUnit({ units }: Index, caller: number | null): NameHitsOf {
  return (entry) => (caller !== null && units[entry] === units[caller] ? 0 : null);
}
