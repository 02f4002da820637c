/** What differs between two declarations, item by item, and whom it concerns. Pure. */
import type { Organisation } from '#contract/organisation.ts';
import { declaredItemsOf } from './declared-items.ts';
import { outermost, type Place } from './place.ts';

export interface Difference {
  readonly key: string;
  readonly kind: 'added' | 'changed' | 'removed';
  /** What stands there in the older declaration; null: nothing. */
  readonly before: unknown;
  readonly after: unknown;
  readonly places: readonly Place[];
}

/** In the order of their keys. */
export function compareOrganisations(before: Organisation, after: Organisation): Difference[] {
  const [older, newer] = [declaredItemsOf(before), declaredItemsOf(after)];
  const keys = [...new Set([...older.keys(), ...newer.keys()])].toSorted();
  return keys.flatMap((key) => {
    const [was, is] = [older.get(key), newer.get(key)];
    if (was?.text === is?.text) return [];
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    const places = outermost([...(was?.places ?? []), ...(is?.places ?? [])]);
    return [{ key, kind, before: was?.value ?? null, after: is?.value ?? null, places }];
  });
}

/** The places that a change of the declaration concerns: somebody must answer for each of them. */
export function placesOf(differences: readonly Difference[]): Place[] {
  return outermost(differences.flatMap(({ places }) => places));
}
