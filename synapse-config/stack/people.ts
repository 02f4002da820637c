/** The invented people of a stack, as the organisation declares them. */
import { rolesOf } from '#contract/grants.ts';
import { userIdOf, userIdSchema, type UserId } from '#contract/ids.ts';
import type { BodyDeclaration, Organisation, PersonDeclaration } from '#contract/organisation.ts';
import type { StackPerson } from './stack-file.ts';
import type { StackServer } from './servers.ts';

export type StackPersonWithoutPassword = Omit<StackPerson, 'password'>;

/** A stranger's homeserver has people of nobody's organisation. */
const strangers = [
  { localpart: 'nadja.fremd', name: 'Nadja Fremd' },
  { localpart: 'till.unbekannt', name: 'Till Unbekannt' },
] as const;

/** Everybody whose home is that homeserver, in the order of the declaration. */
export function peopleOf(
  { name }: StackServer,
  organisation: Organisation | null,
): readonly StackPersonWithoutPassword[] {
  if (!organisation)
    return strangers.map(({ localpart, name: full }) => ({
      userId: userIdOf(localpart, name),
      name: full,
      roles: [],
      unit: '',
    }));
  return organisation.bodies
    .filter(({ server }) => server === name)
    .flatMap((body) => body.people.map((person) => personOf(body, person)));
}

function personOf(body: BodyDeclaration, person: PersonDeclaration): StackPersonWithoutPassword {
  return {
    userId: userIdOf(person.id, body.server),
    name: person.name,
    roles: rolesOf(person),
    unit: person.unit ? `${body.id}/${person.unit}` : body.id,
  };
}

export function withPasswords(
  people: readonly StackPersonWithoutPassword[],
  passwords: ReadonlyMap<UserId, string>,
): StackPerson[] {
  return people.map((person) => ({ ...person, password: passwords.get(userIdSchema.parse(person.userId)) ?? '' }));
}
