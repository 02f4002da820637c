import type { UserId } from '#contract/ids.ts';

/** Why a conversation cannot be started; nothing was created. The codes are those of contract/problem.ts. */
export interface ConversationRefusal {
  readonly code: 'person.unknown' | 'person.outside-domain' | 'conversation.refused-by-policy';
  readonly detail: string;
  /** Everybody the refusal is about, at once. */
  readonly people: readonly UserId[];
}
