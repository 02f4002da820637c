import type { MemberRule } from '#contract/organisation.ts';
import type { RoomClasses } from '#contract/room-class.ts';
import type { Declaration } from './declaration.ts';
import { placedUnitsOf } from './unit-tree.ts';

/** Every name that a declaration may refer to. `null`: not known, because a file could not be read. */
export interface KnownNames {
  readonly servers: ReadonlySet<string> | null;
  readonly roomClasses: RoomClasses | null;
  readonly bodies: ReadonlySet<string> | null;
  /** `body/unit` */
  readonly units: ReadonlySet<string> | null;
  /** `body/post` */
  readonly posts: ReadonlySet<string> | null;
  readonly people: ReadonlySet<string> | null;
  /** What somebody does, in words: a rule for a function that nobody has would never name anybody. */
  readonly functions: ReadonlySet<string> | null;
  readonly conversationRoles: ReadonlySet<string> | null;
}

export function buildKnownNames({ domain, roomClasses, bodies, isComplete }: Declaration): KnownNames {
  const declared = bodies.map(({ value }) => value);
  const known = (names: readonly string[]) => (isComplete ? new Set(names) : null);
  return {
    servers: domain === null ? null : new Set(domain.value.servers.map(({ name }) => name)),
    roomClasses: roomClasses?.value ?? null,
    bodies: known(declared.map(({ id }) => id)),
    units: known(declared.flatMap((body) => placedUnitsOf(body).map(({ unit }) => `${body.id}/${unit.id}`))),
    posts: known(declared.flatMap((body) => body.posts.map(({ id }) => `${body.id}/${id}`))),
    people: known(declared.flatMap((body) => body.people.map(({ id }) => id))),
    functions: known(declared.flatMap((body) => body.people.flatMap((person) => person.function ?? []))),
    conversationRoles: domain === null ? null : new Set(Object.keys(domain.value.conversations?.roles ?? {})),
  };
}

/** What a rule refers to: in words, the name, and the names that exist. */
export function referenceOf(rule: MemberRule, known: KnownNames): Reference {
  if ('body' in rule) return { what: 'body', name: rule.body, names: known.bodies };
  if ('unit' in rule) return { what: 'unit', name: rule.unit, names: known.units };
  if ('post' in rule) return { what: 'post', name: rule.post, names: known.posts };
  if ('person' in rule) return { what: 'person', name: rule.person, names: known.people };
  return placeOf(rule.within, known);
}

export interface Reference {
  readonly what: string;
  readonly name: string;
  readonly names: ReadonlySet<string> | null;
  /** The key of the rule under which the name stands, if it is not `what`. */
  readonly key?: string;
}

function placeOf(within: string, { bodies, units }: KnownNames): Reference {
  if (within === '*') return { what: 'place', name: within, names: null, key: 'within' };
  const isUnit = within.includes('/');
  return { what: isUnit ? 'unit' : 'body', name: within, names: isUnit ? units : bodies, key: 'within' };
}
