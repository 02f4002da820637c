/**
 * A room that exists only in a forged server's imagination, to invite people into.
 */
import { buildEvent, roomIdOf, type SignedEvent, type Signer } from './event.ts';

/** The create event and an invitation for `invitee` by `inviter`, a person of the signer's server. */
export function forgeInvitation(
  signer: Signer,
  inviter: string,
  invitee: string,
): { create: SignedEvent; invitation: SignedEvent } {
  const create = buildEvent(
    {
      type: 'm.room.create',
      state_key: '',
      sender: inviter,
      content: { room_version: '12' },
      prev_events: [],
      auth_events: [],
      depth: 1,
    },
    signer,
  );
  const invitation = buildEvent(
    {
      type: 'm.room.member',
      state_key: invitee,
      sender: inviter,
      room_id: roomIdOf(create.pdu),
      content: { membership: 'invite' },
      prev_events: [create.eventId],
      auth_events: [],
      depth: 2,
    },
    signer,
  );
  return { create, invitation };
}
