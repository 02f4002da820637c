/** Doors through which somebody gets into a room, or out of it. */
import { buildEvent } from '#test/harness/federation/event.ts';
import type { UnaddressedRequest } from '#test/harness/federation/federation-client.ts';
import { draftMembership } from '#test/harness/federation/known-room.ts';
import { encode, get, putEvent, served, type Attempt, type Door } from './door.ts';

export const joiningDoors: readonly Door[] = [
  {
    name: 'make_join',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor }) => get(`/v1/make_join/${encode(room.roomId)}/${encode(visitor)}?ver=12`),
  },
  {
    name: 'send_join, built by hand without make_join',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor, origin }) =>
      putEvent(
        `/v2/send_join/${encode(room.roomId)}`,
        buildEvent(draftMembership(room, visitor, visitor, 'join'), origin),
      ),
  },
  {
    name: 'make_knock',
    // The rules inside the homeserver refuse before event authorisation would.
    welcome: { status: 403, error: 'This event is not allowed in this context' },
    aclAsked: true,
    request: ({ room, visitor }) => get(`/v1/make_knock/${encode(room.roomId)}/${encode(visitor)}?ver=12`),
  },
  {
    name: 'send_knock, built by hand',
    welcome: { status: 403 },
    aclAsked: true,
    request: ({ room, visitor, origin }) =>
      putEvent(
        `/v1/send_knock/${encode(room.roomId)}`,
        buildEvent(draftMembership(room, visitor, visitor, 'knock'), origin),
      ),
  },
  {
    name: 'make_leave',
    welcome: served,
    aclAsked: true,
    request: ({ room, visitor }) => get(`/v1/make_leave/${encode(room.roomId)}/${encode(visitor)}`),
  },
];

/** Leaves by hand. Not among the doors, because a server that is let in would lose its person. */
export function leaving({ room, visitor, origin }: Attempt): UnaddressedRequest {
  return putEvent(
    `/v2/send_leave/${encode(room.roomId)}`,
    buildEvent(draftMembership(room, visitor, visitor, 'leave'), origin),
  );
}
