import { serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { rulesOf, type DesiredRoom } from './desired-room.ts';

/** A direct chat or group as people started it. */
export interface StartedConversation {
  readonly address: string;
  readonly class: 'direkt' | 'gruppe';
  readonly name: string | null;
  readonly members: readonly UserId[];
}

/** A conversation as a room of its class on `serverName`. Whoever leaves it stays away. */
export function computeConversationRoom(
  conversation: StartedConversation,
  organisation: Pick<Organisation, 'domain' | 'roomClasses'>,
  serverName: ServerName,
): DesiredRoom {
  const members = conversation.members.toSorted();
  return {
    address: conversation.address,
    class: conversation.class,
    domain: organisation.domain.id,
    body: null,
    name: conversation.name,
    topic: null,
    servers: [...new Set([serverName, ...members.map(serverNameOf)])].sort(),
    members,
    outsiders: [],
    posters: [],
    rules: rulesOf(organisation.roomClasses[conversation.class]),
    children: [],
    parent: null,
    membership: 'free',
  };
}
