import { randomUUID } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import type { NewConversation } from '#contract/api.ts';
import type { UserId } from '#contract/ids.ts';

/** A conversation as wanted, before or after its room exists. */
export interface Conversation {
  /** `conversation/<uuid>`: stands in the room's create event too. */
  readonly address: string;
  readonly class: 'direkt' | 'gruppe';
  readonly name: string | null;
  readonly createdBy: UserId;
  /** Sorted, the creator among them. */
  readonly members: readonly UserId[];
  /** The same for both sides of a direct chat; null for groups. */
  readonly directKey: string | null;
}

/** What `creator` asks for, with a fresh address. */
export function computeConversation(creator: UserId, wanted: NewConversation): Conversation {
  const others = wanted.class === 'direkt' ? [wanted.with] : wanted.people;
  const members = [...new Set([creator, ...others])].sort();
  return {
    address: `conversation/${randomUUID()}`,
    class: wanted.class,
    name: wanted.class === 'gruppe' ? wanted.name : null,
    createdBy: creator,
    members,
    directKey: wanted.class === 'direkt' ? canonicalize(members) : null,
  };
}
