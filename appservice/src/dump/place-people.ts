/** Where each account belongs: the body and the lowest unit whose rooms it is in. */
import { localpartOf, personIdSchema, userIdSchema } from '#contract/ids.ts';
import { nameSchema } from '#contract/name.ts';
import type { PersonDeclaration } from '#contract/organisation.ts';
import type { SurveyedAccount } from '../matrix/survey.ts';
import { isReservedPersonId } from '../organisation/check-body.ts';
import { usableName } from './choose-names.ts';
import type { Report } from './findings.ts';
import { peopleAt } from './found-place.ts';
import type { NamedPlace } from './name-places.ts';

interface PlacedPerson {
  readonly body: string;
  readonly person: PersonDeclaration;
}

/**
 * @param known people in force, by id: what they do and may decide shows on no homeserver
 */
export function placePeople(
  accounts: readonly SurveyedAccount[],
  bodies: readonly NamedPlace[],
  known: ReadonlyMap<string, PersonDeclaration>,
  report: Report,
): PlacedPerson[] {
  const reach = reachOf(bodies);
  return accounts.flatMap(({ userId, displayName }) => {
    const id = personIdOf(userId, report);
    if (id === null) return [];
    const chain = chainOf(userId, bodies, reach, report);
    const body = chain[0];
    if (body === undefined) {
      report('account-without-place', userId);
      return [];
    }
    const unit = chain.at(-1);
    const declared = known.get(id) ?? { id, name: id, roles: [] };
    const person: PersonDeclaration = {
      ...declared,
      name: usableName(nameSchema.max(120), displayName, declared.name, report),
      unit: unit === body ? undefined : unit?.id,
    };
    return [{ body: body.id, person }];
  });
}

type Reach = ReadonlyMap<NamedPlace, ReadonlySet<string>>;

function reachOf(places: readonly NamedPlace[]): Reach {
  return new Map(places.flatMap((place) => [[place, peopleAt(place)] as const, ...reachOf(place.units)]));
}

/** null for the bots and administrators of the homeserver, and for ids that a declaration cannot hold. */
function personIdOf(userId: string, report: Report): string | null {
  const user = userIdSchema.safeParse(userId);
  const id = personIdSchema.safeParse(user.success ? localpartOf(user.data) : null);
  if (id.success && !isReservedPersonId(id.data)) return id.data;
  if (user.data === undefined || !localpartOf(user.data).startsWith('landbote')) report('account-unusable', userId);
  return null;
}

/** From the body down to the unit. Rooms that Landbote made count before those that people made. */
function chainOf(userId: string, places: readonly NamedPlace[], reach: Reach, report: Report): NamedPlace[] {
  const all = places.filter((place) => reach.get(place)?.has(userId) === true);
  const own = all.filter(({ firstId }) => firstId !== null);
  const [first, ...others] = own.length > 0 ? own : all;
  if (first === undefined) return [];
  if (others.length > 0) report('account-in-several-places', userId, first.id);
  return [first, ...chainOf(userId, first.units, reach, report)];
}
