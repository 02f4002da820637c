/**
 * Where in the organisation something stands: `*` for the whole trust domain, otherwise a body and the units down to
 * it, `hkm/abteilung-1/referat-11`. A place holds everything whose path begins with its own.
 */
import type { BodyDeclaration, MemberRule, Organisation } from '#contract/organisation.ts';
import { placedUnitsOf } from '../organisation/directory.ts';

export type Place = string;

export const wholeDomain: Place = '*';

export function holds(outer: Place, inner: Place): boolean {
  return outer === wholeDomain || outer === inner || inner.startsWith(`${outer}/`);
}

/** Without the places that another one of them holds, sorted. */
export function outermost(places: Iterable<Place>): Place[] {
  const all = [...new Set(places)];
  return all.filter((place) => !all.some((other) => other !== place && holds(other, place))).toSorted();
}

/** Finds the place of whatever one declaration names. */
export interface Atlas {
  /** `*`, `<body>` or `<body>/<unit>`; null where nothing has that name. */
  placeOfScope(scope: string): Place | null;
  placeOfUnit(body: string, unit: string | undefined): Place;
  /** Where a person belongs; null for somebody who is not declared. */
  homeOf(person: string): Place | null;
  placeOfRule(rule: MemberRule): Place | null;
}

export function createAtlas({ bodies }: Pick<Organisation, 'bodies'>): Atlas {
  const places = new Map(bodies.flatMap(placesOfUnits));
  const placeOfUnit = (body: string, unit: string | undefined): Place =>
    unit === undefined ? body : (places.get(`${body}/${unit}`) ?? body);
  const homes = new Map(bodies.flatMap((body) => body.people.map(({ id, unit }) => [id, placeOfUnit(body.id, unit)])));
  const posts = new Map(
    bodies.flatMap((body) => body.posts.map(({ id, unit }) => [`${body.id}/${id}`, placeOfUnit(body.id, unit)])),
  );
  const placeOfScope = (scope: string): Place | null => (scope === wholeDomain ? scope : (places.get(scope) ?? null));
  return {
    placeOfScope,
    placeOfUnit,
    homeOf: (person) => homes.get(person) ?? null,
    placeOfRule(rule) {
      if ('body' in rule) return placeOfScope(rule.body);
      if ('unit' in rule) return placeOfScope(rule.unit);
      if ('post' in rule) return posts.get(rule.post) ?? null;
      if ('person' in rule) return homes.get(rule.person) ?? null;
      return placeOfScope(rule.within);
    },
  };
}

function placesOfUnits(body: BodyDeclaration): [string, Place][] {
  const units = placedUnitsOf(body).map(({ unit, ancestors }): [string, Place] => [
    `${body.id}/${unit.id}`,
    [body, ...ancestors, unit].map(({ id }) => id).join('/'),
  ]);
  return [[body.id, body.id], ...units];
}
