/**
 * The wall's policy about direct chats and groups, a pure function: who may start one with whom (docs/wall.md, layer 5).
 * Nobody is reached outside the trust domain. Inside it everybody may write to everybody, unless the domain declares rules
 * by role; then whoever starts must reach each of the others, and what no rule says is refused.
 *
 * It is about starting only: who stands in a conversation may answer, whatever their role.
 */
import type { ConversationRules, ReachedRole } from '#contract/conversation-rules.ts';
import type { UserId } from '#contract/ids.ts';
import { isOfDomain, type WallSnapshot } from './wall-snapshot.ts';

export interface ConversationRequest {
  readonly class: 'direkt' | 'gruppe';
  readonly starter: UserId;
  /** Without the starter. */
  readonly others: readonly UserId[];
}

/** What the declaration says of a person. */
export interface Standing {
  /** null: they are given none. */
  readonly role: string | null;
  readonly body: string;
}

export interface ConversationSnapshot extends Pick<WallSnapshot, 'domainServers'> {
  /** null for somebody who is not declared. */
  readonly standingOf: (person: UserId) => Standing | null;
  /** undefined: everybody may write to everybody. */
  readonly rules: ConversationRules | undefined;
}

export type ConversationRefusalRule =
  'conversation.alone' | 'conversation.outside-domain' | 'conversation.not-declared' | 'conversation.not-by-role';

export type ConversationDecision =
  | { readonly isAllowed: true }
  /** `people`: everybody the rule is about, at once. */
  | { readonly isAllowed: false; readonly rule: ConversationRefusalRule; readonly people: readonly UserId[] };

export function decideConversation(request: ConversationRequest, snapshot: ConversationSnapshot): ConversationDecision {
  const { starter, others } = request;
  if (others.length === 0) return refused('conversation.alone', []);
  const everybody = [starter, ...others];
  const outside = everybody.filter((person) => !isOfDomain(person, snapshot));
  if (outside.length > 0) return refused('conversation.outside-domain', outside);
  const undeclared = everybody.filter((person) => snapshot.standingOf(person) === null);
  if (undeclared.length > 0) return refused('conversation.not-declared', undeclared);
  const unreached = unreachedOf(request, snapshot);
  return unreached.length > 0 ? refused('conversation.not-by-role', unreached) : { isAllowed: true };
}

function refused(rule: ConversationRefusalRule, people: readonly UserId[]): ConversationDecision {
  return { isAllowed: false, rule, people };
}

/** Whom the starter's role does not reach. */
function unreachedOf(
  { class: className, starter, others }: ConversationRequest,
  { rules, standingOf }: ConversationSnapshot,
): readonly UserId[] {
  if (rules === undefined) return [];
  const roleOf = (standing: Standing | null) => standing?.role ?? rules.otherwise;
  const from = standingOf(starter);
  const reach = rules.roles[roleOf(from)]?.[className] ?? [];
  return others.filter((person) => {
    const to = standingOf(person);
    const isSameBody = to?.body === from?.body;
    return !reach.some((entry) => includes(entry, roleOf(to), isSameBody));
  });
}

function includes(entry: ReachedRole, role: string, isSameBody: boolean): boolean {
  return typeof entry === 'string' ? entry === role : entry.role === role && isSameBody;
}
