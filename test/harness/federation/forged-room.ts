/**
 * A room that exists only in a forged server's imagination, to invite people into.
 */
import type { RoomId } from '#contract/ids.ts';
import type { JsonObject } from './canonical-json.ts';
import { buildEvent, roomIdOf, type SignedEvent, type Signer } from './event.ts';

export interface ForgedInvitation {
  readonly roomId: RoomId;
  readonly create: SignedEvent;
  readonly invitation: SignedEvent;
}

/**
 * The create event and an invitation for `invitee` by `inviter`, a person of the signer's server.
 * @param origin further content of the create event
 */
export function forgeInvitation(
  signer: Signer,
  inviter: string,
  invitee: string,
  origin: JsonObject = {},
): ForgedInvitation {
  const create = buildEvent(
    {
      type: 'm.room.create',
      state_key: '',
      sender: inviter,
      content: { room_version: '12', ...origin },
      prev_events: [],
      auth_events: [],
      depth: 1,
    },
    signer,
  );
  const roomId = roomIdOf(create.pdu);
  const invitation = buildEvent(
    {
      type: 'm.room.member',
      state_key: invitee,
      sender: inviter,
      room_id: roomId,
      content: { membership: 'invite' },
      prev_events: [create.eventId],
      auth_events: [],
      depth: 2,
    },
    signer,
  );
  return { roomId, create, invitation };
}
