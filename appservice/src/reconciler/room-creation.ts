import { roomOriginKey, type RoomOrigin } from '#contract/event-content.ts';
import { serverNameOf, type RoomId, type ServerName } from '#contract/ids.ts';
import type { RoomCreation } from '#appservice/matrix/ports.ts';
import { isSpace, type DesiredRoom } from './desired-room.ts';
import { computeRoomState, computeSpaceParent } from './room-state.ts';

export interface CreationContext {
  /** The homeserver on which the room is created. */
  readonly serverName: ServerName;
  /** The space that the room names as its own, where it exists already. */
  readonly parent: RoomId | null;
}

/**
 * The request that creates a room with everything that protects it, so that it is never open for a moment. Only
 * people of the own homeserver are invited at once: a foreign server that does not answer would make Synapse's
 * createRoom fail half way, with the room left behind.
 */
export function computeRoomCreation(room: DesiredRoom, { serverName, parent }: CreationContext): RoomCreation {
  const links = parent === null ? [] : [computeSpaceParent(parent, serverName)];
  return {
    room_version: '12',
    visibility: 'private',
    preset: 'private_chat',
    invite: room.members.filter((member) => serverNameOf(member) === serverName),
    creation_content: {
      ...(isSpace(room) ? { type: 'm.space' } : {}),
      'm.federate': room.servers.length > 1,
      [roomOriginKey]: originOf(room),
    },
    initial_state: [...computeRoomState(room), ...links],
  };
}

/** What the create event says about a room, unchangeable from then on. */
function originOf({ domain, class: roomClass, address, body, endsAt }: DesiredRoom): RoomOrigin {
  return { domain, class: roomClass, address, body, ...(endsAt === undefined ? {} : { endsAt }) };
}
