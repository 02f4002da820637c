/** Who may decide about what, as the declaration in force says. */
import { grantsOf } from '#contract/grants.ts';
import type { UserId } from '#contract/ids.ts';
import type { Organisation, Role } from '#contract/organisation.ts';
import { buildDirectory } from '../organisation/directory.ts';
import { createAtlas, holds, type Place } from './place.ts';

export interface Authority {
  /** The places about which a person may decide in a role; none for somebody who is not declared. */
  placesOf(userId: UserId, role: Role): readonly Place[];
  /** Whether the person's role holds at every one of `places`. */
  covers(userId: UserId, role: Role, places: readonly Place[]): boolean;
}

export function authorityOf(organisation: Organisation): Authority {
  const atlas = createAtlas(organisation);
  const { peopleByUserId } = buildDirectory(organisation);
  function placesOf(userId: UserId, role: Role): readonly Place[] {
    const person = peopleByUserId.get(userId);
    if (person === undefined) return [];
    const grants = grantsOf(person.declaration, person.body).filter((grant) => grant.role === role);
    return grants.map(({ scope }) => atlas.placeOfScope(scope)).filter((place) => place !== null);
  }
  return {
    placesOf,
    covers: (userId, role, places) => uncovered(places, placesOf(userId, role)).length === 0,
  };
}

/** Those of `places` that none of `granted` holds. */
export function uncovered(places: readonly Place[], granted: readonly Place[]): Place[] {
  return places.filter((place) => !granted.some((outer) => holds(outer, place)));
}
