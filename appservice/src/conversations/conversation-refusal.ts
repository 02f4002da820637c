import type { UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import type { PeopleDirectory } from '#appservice/people/people-directory.ts';
import {
  decideConversation,
  type ConversationRefusalRule,
  type ConversationSnapshot,
  type Standing,
} from '#appservice/wall/decide-conversation.ts';
import type { Conversation } from './conversation-intent.ts';

/** Why a conversation cannot be started; nothing was created. The codes are those of contract/problem.ts. */
export interface ConversationRefusal {
  readonly code: 'person.unknown' | 'person.outside-domain' | 'conversation.refused-by-policy';
  readonly detail: string;
  /** Everybody the refusal is about, at once. */
  readonly people: readonly UserId[];
}

const refusals: Readonly<Record<ConversationRefusalRule, Pick<ConversationRefusal, 'code' | 'detail'>>> = {
  'conversation.alone': {
    code: 'conversation.refused-by-policy',
    detail: 'A conversation needs somebody beside you.',
  },
  'conversation.outside-domain': {
    code: 'person.outside-domain',
    detail: 'People of another administration cannot take part.',
  },
  'conversation.not-declared': {
    code: 'person.unknown',
    detail: 'Some of the people are not declared here, or have a closed account.',
  },
  'conversation.not-by-role': {
    code: 'conversation.refused-by-policy',
    detail: 'Your role may not start this kind of conversation with these people.',
  },
};

/** What the policy says of a conversation that is to be started; null if it allows it. */
export function refusalOf(
  { class: className, createdBy: starter, members }: Conversation,
  { domain }: Organisation,
  people: PeopleDirectory,
  closed: ReadonlySet<UserId>,
): ConversationRefusal | null {
  const snapshot: ConversationSnapshot = {
    domainServers: new Set(domain.servers.map(({ name }) => name)),
    standingOf: (person) => (closed.has(person) ? null : standingOf(person, people)),
    rules: domain.conversations,
  };
  const others = members.filter((person) => person !== starter);
  const decision = decideConversation({ class: className, starter, others }, snapshot);
  return decision.isAllowed ? null : { ...refusals[decision.rule], people: decision.people };
}

function standingOf(person: UserId, people: PeopleDirectory): Standing | null {
  const summary = people.person(person);
  return summary === null ? null : { role: people.conversationRoleOf(person), body: summary.body };
}
