/** Doors through which something is put in front of people. */
import { randomUUID } from 'node:crypto';
import { buildEvent } from '#test/harness/federation/event.ts';
import type { UnaddressedRequest } from '#test/harness/federation/federation-client.ts';
import { forgeInvitation, type ForgedInvitation } from '#test/harness/federation/forged-room.ts';
import { draftEvent } from '#test/harness/federation/known-room.ts';
import { encode, federation, served, transaction, type Door } from './door.ts';

export const sendingDoors: readonly Door[] = [
  {
    name: 'send a message',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor, origin }) => {
      const content = { msgtype: 'm.text', body: 'Klopf, klopf' };
      return transaction(origin, {
        pdus: [buildEvent(draftEvent(room, visitor, 'm.room.message', content), origin).pdu],
      });
    },
  },
  {
    name: 'send a typing notice and a receipt',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor, origin }) =>
      transaction(origin, {
        edus: [
          { edu_type: 'm.typing', content: { room_id: room.roomId, user_id: visitor, typing: true } },
          {
            edu_type: 'm.receipt',
            content: {
              [room.roomId]: { 'm.read': { [visitor]: { event_ids: [room.latest], data: { ts: Date.now() } } } },
            },
          },
        ],
      }),
  },
  {
    name: 'send to a device',
    welcome: served,
    aclAsked: false,
    request: ({ visitor, resident, origin }) => transaction(origin, { edus: [toDeviceMessage(visitor, resident)] }),
  },
  {
    name: 'invite into a room of the own server',
    // Policy: invitations come from the appservices' bots alone.
    welcome: { status: 403 },
    aclAsked: false,
    request: ({ visitor, resident, origin }) => inviting(forgeInvitation(origin, visitor, resident)),
  },
];

/** Asks the invited person's server to accept an invitation. */
export function inviting({ roomId, create, invitation }: ForgedInvitation): UnaddressedRequest {
  return {
    method: 'PUT',
    uri: `${federation}/v2/invite/${encode(roomId)}/${encode(invitation.eventId)}`,
    content: { event: invitation.pdu, room_version: '12', invite_room_state: [create.pdu] },
  };
}

/** A to-device message to all devices of `recipient`, of a type that clients hand to nobody. */
function toDeviceMessage(sender: string, recipient: string): Record<string, unknown> {
  return {
    edu_type: 'm.direct_to_device',
    content: {
      sender,
      type: 'de.landbote.test',
      message_id: randomUUID(),
      messages: { [recipient]: { '*': { note: 'Klopf, klopf' } } },
    },
  };
}
