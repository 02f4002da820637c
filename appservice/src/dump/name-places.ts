/** Gives every place its id: the one that is declared, that its rooms carry, or one made of its name. */
import { firstIdOf } from '#contract/first-id.ts';
import type { BodyDeclaration, UnitDeclaration } from '#contract/organisation.ts';
import { placedUnitsOf } from '../organisation/unit-tree.ts';
import { createIds } from './choose-names.ts';
import { inDeclaredOrder } from './declared-order.ts';
import type { FoundPlace } from './found-place.ts';

export interface NamedPlace extends FoundPlace {
  readonly id: string;
  /** The first id, where it is another one. */
  readonly previously: string | undefined;
  /** As its space or room is called. */
  readonly foundName: string | null;
  readonly units: readonly NamedPlace[];
}

/** `declared`: the bodies in force, whose ids are taken. */
export function nameBodies(places: readonly FoundPlace[], declared: readonly BodyDeclaration[]): NamedPlace[] {
  const firstIds = places.flatMap(({ firstId }) => firstId ?? []);
  const newId = createIds([...firstIds, ...declared.flatMap((body) => [body.id, firstIdOf(body)])]);
  return places.map((place) => {
    const known = declared.find((body) => firstIdOf(body) === place.firstId);
    const units = known === undefined ? [] : placedUnitsOf(known).map(({ unit }) => unit);
    return { ...named(place, known, newId), units: nameUnits(place.units, units, createIds([])) };
  });
}

function nameUnits(
  places: readonly FoundPlace[],
  declared: readonly UnitDeclaration[],
  newId: (name: string) => string,
): NamedPlace[] {
  const units = places.map((place) => {
    const known = declared.find((unit) => firstIdOf(unit) === place.firstId);
    return { ...named(place, known, newId), units: nameUnits(place.units, declared, newId) };
  });
  return inDeclaredOrder(units, declared);
}

function named(
  place: FoundPlace,
  known: { readonly id: string; readonly previously?: string | undefined } | undefined,
  newId: (name: string) => string,
): Omit<NamedPlace, 'units'> {
  const foundName = (place.space ?? place.room)?.name ?? null;
  const id = known?.id ?? place.firstId ?? newId(foundName ?? '');
  return { ...place, id, previously: known?.previously, foundName };
}
