import type { FoundRoom } from './found-room.ts';

/** A body or a unit as a homeserver shows it: by its space, its room, or both. */
export interface FoundPlace {
  /** The id in the addresses of its rooms; null if people made it themselves. */
  readonly firstId: string | null;
  readonly space: FoundRoom | null;
  /** A unit's own room, or a body's announcements. */
  readonly room: FoundRoom | null;
  /** Further rooms that stand directly here. */
  readonly rooms: readonly FoundRoom[];
  readonly units: readonly FoundPlace[];
}

/** Everybody who belongs here or below. */
export function peopleAt({ space, room, units }: Omit<FoundPlace, 'firstId' | 'rooms'>): Set<string> {
  return new Set([
    ...(space?.members ?? []),
    ...(room?.members ?? []),
    ...units.flatMap((unit) => [...peopleAt(unit)]),
  ]);
}

interface Tree<Place> {
  /** Each place with those below it, from the top down. */
  readonly roots: readonly Place[];
  /** Those that stand below themselves. */
  readonly lost: readonly string[];
}

/**
 * Puts places below one another.
 * @param above of each place's key, the one above it; null at the top
 * @param build what a place is, with what stands below it
 */
export function growTree<Place>(
  above: ReadonlyMap<string, string | null>,
  build: (key: string, below: readonly Place[]) => Place,
): Tree<Place> {
  const below = Map.groupBy(above.keys(), (key) => above.get(key) ?? null);
  const reached = new Set<string>();
  const grow = (key: string): Place => {
    reached.add(key);
    return build(key, (below.get(key) ?? []).map(grow));
  };
  const roots = (below.get(null) ?? []).map(grow);
  return { roots, lost: [...above.keys()].filter((key) => !reached.has(key)) };
}
