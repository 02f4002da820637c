import type { UserId } from '#contract/ids.ts';
import type { PeopleDirectory } from '#appservice/people/people-directory.ts';
import type { ConversationRefusal } from './conversation-refusal.ts';

/**
 * Whether all of `userIds` are declared people of the own trust domain; null if so. Who may write to whom inside a
 * domain is open: anyone with anyone, across bodies, without approval.
 */
export function refusalOfPeople(
  userIds: readonly UserId[],
  people: PeopleDirectory,
  domainServers: ReadonlySet<string>,
): ConversationRefusal | null {
  const outside = userIds.filter((userId) => !domainServers.has(userId.slice(userId.indexOf(':') + 1)));
  if (outside.length > 0) {
    return {
      code: 'person.outside-domain',
      detail: 'People of another administration cannot take part.',
      people: outside,
    };
  }
  const unknown = userIds.filter((userId) => people.person(userId) === null);
  if (unknown.length > 0) {
    return { code: 'person.unknown', detail: 'Some of the people are not declared here.', people: unknown };
  }
  return null;
}
