/** A declaration taken apart into what can change by itself, each item with the places it concerns. */
import { canonicalize } from 'json-canonicalize';
import { grantsOf } from '#contract/grants.ts';
import type {
  BodyDeclaration,
  MemberRule,
  Organisation,
  PersonDeclaration,
  RoomDeclaration,
} from '#contract/organisation.ts';
import { placedUnitsOf } from '../organisation/directory.ts';
import { createAtlas, wholeDomain, type Atlas, type Place } from './place.ts';

export interface DeclaredItem {
  /** `person/anna.leit`, `room/hkm/schulen`: the same in every revision. */
  readonly key: string;
  readonly value: unknown;
  /** Canonical JSON of the value: equal means unchanged. */
  readonly text: string;
  readonly places: readonly Place[];
}

export function declaredItemsOf(organisation: Organisation): Map<string, DeclaredItem> {
  const atlas = createAtlas(organisation);
  const { domain, roomClasses, bodies } = organisation;
  const items = [
    itemOf('domain', domain, [wholeDomain]),
    itemOf('room-classes', roomClasses, [wholeDomain]),
    ...bodies.flatMap((body) => itemsOfBody(body, atlas)),
  ];
  return new Map(items.map((item) => [item.key, item]));
}

function itemOf(key: string, value: unknown, places: readonly (Place | null)[]): DeclaredItem {
  const known = places.filter((place) => place !== null);
  return { key, value, text: canonicalize(value), places: [...new Set(known)] };
}

function itemsOfBody(body: BodyDeclaration, atlas: Atlas): DeclaredItem[] {
  const { id, units: _units, posts, people, announcers, rooms, ...own } = body;
  return [
    itemOf(`body/${id}`, { id, ...own }, [id]),
    itemOf(`announcers/${id}`, announcers, [id, ...placesOfRules(announcers, atlas)]),
    ...itemsOfUnits(body, atlas),
    ...posts.map((post) =>
      itemOf(`post/${id}/${post.id}`, post, [atlas.placeOfUnit(id, post.unit), ...post.holders.map(atlas.homeOf)]),
    ),
    ...people.flatMap((person) => itemsOfPerson(person, body, atlas)),
    ...rooms.map((room) => itemOfRoom(room, body, atlas)),
  ];
}

function itemsOfUnits(body: BodyDeclaration, atlas: Atlas): DeclaredItem[] {
  return placedUnitsOf(body).map(({ unit: { id, name, previously = null }, ancestors }) => {
    const above = ancestors.at(-1)?.id ?? null;
    return itemOf(`unit/${body.id}/${id}`, { id, name, above, previously }, [atlas.placeOfUnit(body.id, id)]);
  });
}

/** A role concerns the place where it holds, too: nobody gives or takes more than they may decide about. */
function itemsOfPerson(person: PersonDeclaration, body: BodyDeclaration, atlas: Atlas): DeclaredItem[] {
  const { roles: _roles, ...declared } = person;
  const home = atlas.homeOf(person.id);
  return [
    itemOf(`person/${person.id}`, { ...declared, body: body.id }, [home]),
    ...grantsOf(person, body).map((grant) =>
      itemOf(`role/${person.id}/${grant.role}/${grant.scope}`, grant, [home, atlas.placeOfScope(grant.scope)]),
    ),
  ];
}

/** A room over several bodies concerns each of them. */
function itemOfRoom(room: RoomDeclaration, { id }: BodyDeclaration, atlas: Atlas): DeclaredItem {
  const rules = [...room.members, ...room.posters];
  return itemOf(`room/${id}/${room.id}`, room, [atlas.placeOfUnit(id, room.unit), ...placesOfRules(rules, atlas)]);
}

function placesOfRules(rules: readonly MemberRule[], atlas: Atlas): (Place | null)[] {
  return rules.map((rule) => atlas.placeOfRule(rule));
}
