import type { Organisation } from '#contract/organisation.ts';
import { computeConversationRoom, type StartedConversation } from './conversation-room.ts';
import type { DesiredState } from './desired-state.ts';

/** Adds conversations to what the declaration wants: the reconciler keeps their protection and their people too. */
export function withConversations(
  desired: DesiredState,
  conversations: readonly StartedConversation[],
  organisation: Organisation,
): DesiredState {
  const rooms = conversations.map((conversation) =>
    computeConversationRoom(conversation, organisation, desired.serverName),
  );
  return { ...desired, rooms: [...desired.rooms, ...rooms] };
}
