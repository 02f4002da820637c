/**
 * Who belongs where: an immutable index over one declaration. Built once per revision; every look-up is in memory.
 */
import { rolesOf } from '#contract/grants.ts';
import { userIdOf, type UserId } from '#contract/ids.ts';
import type { BodyDeclaration, MemberRule, Organisation, PersonDeclaration } from '#contract/organisation.ts';
import { placedUnitsOf } from './unit-tree.ts';

export { placedUnitsOf, type PlacedUnit } from './unit-tree.ts';

export interface Person {
  readonly id: string;
  readonly userId: UserId;
  readonly declaration: PersonDeclaration;
  readonly body: BodyDeclaration;
}

export interface OrganisationDirectory {
  readonly organisation: Organisation;
  readonly people: ReadonlyMap<string, Person>;
  readonly peopleByUserId: ReadonlyMap<UserId, Person>;
  readonly bodies: ReadonlyMap<string, BodyDeclaration>;
  /** By `body/unit`: people of the unit and of all units below it. */
  readonly peopleByUnit: ReadonlyMap<string, readonly Person[]>;
  readonly peopleByBody: ReadonlyMap<string, readonly Person[]>;
  /** By `body/post`: who holds the post. */
  readonly holdersByPost: ReadonlyMap<string, readonly Person[]>;
}

/** Builds the index of a declaration that was checked: unknown references have no people. */
export function buildDirectory(organisation: Organisation): OrganisationDirectory {
  const everyone = organisation.bodies.flatMap(peopleOf);
  const people = new Map(everyone.map((person) => [person.id, person]));
  return {
    organisation,
    people,
    peopleByUserId: new Map(everyone.map((person) => [person.userId, person])),
    bodies: new Map(organisation.bodies.map((body) => [body.id, body])),
    peopleByUnit: groupByUnit(organisation, everyone),
    peopleByBody: Map.groupBy(everyone, ({ body }) => body.id),
    holdersByPost: new Map(organisation.bodies.flatMap((body) => holdersOf(body, people))),
  };
}

/** The people that one rule names. */
export function peopleOfRule(directory: OrganisationDirectory, rule: MemberRule): readonly Person[] {
  if ('body' in rule) return directory.peopleByBody.get(rule.body) ?? [];
  if ('unit' in rule) return directory.peopleByUnit.get(rule.unit) ?? [];
  if ('post' in rule) return directory.holdersByPost.get(rule.post) ?? [];
  if ('function' in rule) {
    return peopleWithin(directory, rule.within).filter(({ declaration }) => declaration.function === rule.function);
  }
  if ('role' in rule) {
    return peopleWithin(directory, rule.within).filter(({ declaration }) => rolesOf(declaration).includes(rule.role));
  }
  const person = directory.people.get(rule.person);
  return person === undefined ? [] : [person];
}

/** `scope`: `*`, a body, or a unit as `body/unit`. */
function peopleWithin(directory: OrganisationDirectory, scope: string): readonly Person[] {
  if (scope === '*') return [...directory.people.values()];
  return (scope.includes('/') ? directory.peopleByUnit : directory.peopleByBody).get(scope) ?? [];
}

/** Everybody whom the rules name, each once, sorted. */
export function userIdsOfRules(directory: OrganisationDirectory, rules: readonly MemberRule[]): UserId[] {
  const people = rules.flatMap((rule) => peopleOfRule(directory, rule));
  return [...new Set(people.map(({ userId }) => userId))].sort();
}

function peopleOf(body: BodyDeclaration): Person[] {
  return body.people.map((declaration) => {
    const userId = userIdOf(declaration.id, body.server);
    return { id: declaration.id, userId, declaration, body };
  });
}

function groupByUnit(organisation: Organisation, everyone: readonly Person[]): Map<string, readonly Person[]> {
  const chains = new Map(organisation.bodies.flatMap(unitChainsOf));
  const groups = new Map([...chains.keys()].map((unit): [string, Person[]] => [unit, []]));
  for (const person of everyone) {
    const chain = chains.get(`${person.body.id}/${person.declaration.unit ?? ''}`) ?? [];
    for (const unit of chain) groups.get(unit)?.push(person);
  }
  return groups;
}

/** From each unit to itself and all units above it, as `body/unit`. */
function unitChainsOf(body: BodyDeclaration): [string, string[]][] {
  return placedUnitsOf(body).map(({ unit, ancestors }) => [
    `${body.id}/${unit.id}`,
    [...ancestors, unit].map(({ id }) => `${body.id}/${id}`),
  ]);
}

function holdersOf(body: BodyDeclaration, people: ReadonlyMap<string, Person>): [string, Person[]][] {
  return body.posts.map(({ id, holders }) => [
    `${body.id}/${id}`,
    holders.flatMap((holder) => people.get(holder) ?? []),
  ]);
}
