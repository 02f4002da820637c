/** Counts over the roster of an alert. Pure. */
import type { RosterEntry } from '../engine/protocol.ts';

export interface RosterCount {
  readonly all: number;
  readonly acknowledged: number;
}

export type RosterFilter = 'all' | 'open' | 'device';

const acts: ReadonlySet<RosterEntry['state']> = new Set(['acknowledged', 'on-it', 'hint']);

export function countOf(entries: readonly RosterEntry[]): RosterCount {
  return { all: entries.length, acknowledged: entries.filter(({ state }) => acts.has(state)).length };
}

/** By what `unitOf` calls a person's unit; most open first, then by name. */
export function countsByUnit(
  entries: readonly RosterEntry[],
  unitOf: (userId: string) => string,
): readonly (RosterCount & { readonly unit: string })[] {
  const groups = Map.groupBy(entries, ({ userId }) => unitOf(userId));
  const counts = Array.from(groups, ([unit, group]) => ({ unit, ...countOf(group) }));
  return counts.toSorted((a, b) => openIn(b) - openIn(a) || a.unit.localeCompare(b.unit, 'de'));
}

export function openIn({ all, acknowledged }: RosterCount): number {
  return all - acknowledged;
}

export function passes(filter: RosterFilter, { state }: RosterEntry): boolean {
  if (filter === 'device') return state === 'no-device';
  return filter === 'all' || !acts.has(state);
}
