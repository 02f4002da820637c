import { userIdOf, type UserId } from '#contract/ids.ts';
import type { PersonSummary } from '#contract/api.ts';
import { firstIdOf } from '#contract/first-id.ts';
import { rolesOf } from '#contract/grants.ts';
import type { BodyDeclaration, PersonDeclaration, Role, UnitDeclaration } from '#contract/organisation.ts';

/** A person as people search and the API need them. */
export interface PersonEntry {
  readonly summary: PersonSummary;
  readonly roles: readonly Role[];
  /** null: that of everybody who is given none. */
  readonly conversationRole: string | null;
  /** Texts beside the name whose words find the person. */
  readonly otherTexts: readonly string[];
}

/** Everybody of the declaration, in the order of their names as German sorts them. */
export function personEntriesOf(bodies: readonly BodyDeclaration[]): PersonEntry[] {
  const collator = new Intl.Collator('de');
  const posts = postNamesByHolder(bodies);
  return bodies
    .flatMap((body) => entriesOfBody(body, posts))
    .sort((one, other) => collator.compare(one.summary.name, other.summary.name) || compareIds(one, other));
}

function compareIds(one: PersonEntry, other: PersonEntry): number {
  return one.summary.userId < other.summary.userId ? -1 : 1;
}

function entriesOfBody(body: BodyDeclaration, posts: ReadonlyMap<string, readonly string[]>): PersonEntry[] {
  const units = new Map(unitsBelow(body.units).map((unit) => [unit.id, unit]));
  return body.people.map((person) => entryOf(person, body, units, posts.get(person.id) ?? []));
}

function entryOf(
  person: PersonDeclaration,
  body: BodyDeclaration,
  units: ReadonlyMap<string, UnitDeclaration>,
  posts: readonly string[],
): PersonEntry {
  const unit = person.unit === undefined ? undefined : units.get(person.unit);
  return {
    summary: {
      userId: userIdOfPerson(person, body),
      name: person.name,
      body: firstIdOf(body),
      unit: unit === undefined ? null : { id: unit.id, name: unit.name },
      function: person.function ?? null,
      posts: [...posts],
    },
    roles: rolesOf(person),
    conversationRole: person.conversationRole ?? null,
    otherTexts: [body.short, body.name, body.label ?? '', unit?.name ?? '', person.function ?? '', ...posts],
  };
}

function userIdOfPerson(person: PersonDeclaration, body: BodyDeclaration): UserId {
  return userIdOf(person.id, body.server);
}

function unitsBelow(units: readonly UnitDeclaration[]): UnitDeclaration[] {
  return units.flatMap((unit) => [unit, ...unitsBelow(unit.units)]);
}

/** A post of one body may be held by somebody of another. */
function postNamesByHolder(bodies: readonly BodyDeclaration[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const post of bodies.flatMap((body) => body.posts)) {
    for (const holder of post.holders) names.set(holder, [...(names.get(holder) ?? []), post.name]);
  }
  return names;
}
