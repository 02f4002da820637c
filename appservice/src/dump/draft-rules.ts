/** Who belongs to a room, as rules that name exactly the people who are in it. */
import { userIdSchema, type UserId } from '#contract/ids.ts';
import type { BodyDeclaration, MemberRule } from '#contract/organisation.ts';
import { placedUnitsOf, userIdsOfRules, type OrganisationDirectory } from '../organisation/directory.ts';
import type { Report } from './findings.ts';

export interface RuleContext {
  readonly directory: OrganisationDirectory;
  /** The body that leads the room. */
  readonly body: BodyDeclaration;
  /** What the rules are for, as findings name it. */
  readonly subject: string;
  readonly report: Report;
}

/** Those of `users` who are declared, sorted; the others are reported. */
export function declaredAmong(users: Iterable<string>, { directory, subject, report }: RuleContext): UserId[] {
  return [...users].toSorted().flatMap((user) => {
    const { data: userId } = userIdSchema.safeParse(user);
    if (userId !== undefined && directory.peopleByUserId.has(userId)) return [userId];
    report('member-left-out', `${user}, ${subject}`);
    return [];
  });
}

/** @param known the rules in force, which stay where they still name the same people */
export function rulesNaming(
  people: readonly UserId[],
  known: readonly MemberRule[] | undefined,
  { directory, body, subject, report }: RuleContext,
): MemberRule[] {
  const wanted = people.toSorted().join(' ');
  const names = (rules: readonly MemberRule[]): boolean => userIdsOfRules(directory, rules).join(' ') === wanted;
  if (known !== undefined && names(known)) return [...known];
  const whole = people.length > 1 ? wholesOf(body).find((rule) => names([rule])) : undefined;
  if (whole === undefined) return people.flatMap((userId) => personRule(userId, directory));
  report('rule-assumed', subject, JSON.stringify(whole));
  return [whole];
}

function wholesOf(body: BodyDeclaration): MemberRule[] {
  return [{ body: body.id }, ...placedUnitsOf(body).map(({ unit }) => ({ unit: `${body.id}/${unit.id}` }))];
}

function personRule(userId: UserId, { peopleByUserId }: OrganisationDirectory): MemberRule[] {
  const person = peopleByUserId.get(userId);
  return person === undefined ? [] : [{ person: person.id }];
}
