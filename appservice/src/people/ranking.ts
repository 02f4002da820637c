/** How well an entry matches: null not at all, otherwise the number of search words found in the person's name. */
export type NameHitsOf = (entry: number) => number | null;

export interface Ranking {
  /** Per entry the number of its body; entries stand in the order of their names. */
  readonly bodies: Uint32Array;
  readonly nameHitsOf: NameHitsOf;
  readonly limit: number;
  /** The caller's own entry, which is left out. */
  readonly caller: number | null;
}

/**
 * The best `limit` entries and how many match in all: name hits first, then the caller's own body, then by name.
 * One pass: as entries come sorted, each rank's list is sorted by itself and never needs more than `limit`.
 */
export function bestMatches({ bodies, nameHitsOf, limit, caller }: Ranking): { best: number[]; total: number } {
  const ownBody = caller === null ? undefined : bodies[caller];
  const byRank: (number[] | undefined)[] = [];
  let total = 0;
  for (let entry = 0; entry < bodies.length; entry += 1) {
    const nameHits = nameHitsOf(entry);
    if (nameHits === null || entry === caller) continue;
    total += 1;
    const sameRank = (byRank[nameHits * 2 + (bodies[entry] === ownBody ? 1 : 0)] ??= []);
    if (sameRank.length < limit) sameRank.push(entry);
  }
  return { best: bestFirst(byRank).slice(0, limit), total };
}

function bestFirst(byRank: readonly (number[] | undefined)[]): number[] {
  return byRank.toReversed().flatMap((sameRank) => sameRank ?? []);
}
