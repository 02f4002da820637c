/** Doors through which rooms are read. */
import { encode, federation, get, served, type Door } from './door.ts';

export const readingDoors: readonly Door[] = [
  {
    name: 'state',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/state/${encode(room.roomId)}?event_id=${encode(room.latest)}`),
  },
  {
    name: 'state_ids',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/state_ids/${encode(room.roomId)}?event_id=${encode(room.latest)}`),
  },
  {
    name: 'event_auth',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/event_auth/${encode(room.roomId)}/${encode(room.latest)}`),
  },
  {
    name: 'backfill',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/backfill/${encode(room.roomId)}?v=${encode(room.latest)}&limit=10`),
  },
  {
    name: 'get_missing_events',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => ({
      method: 'POST',
      uri: `${federation}/v1/get_missing_events/${encode(room.roomId)}`,
      content: { earliest_events: [], latest_events: [room.latest], limit: 10, min_depth: 0 },
    }),
  },
  {
    name: 'timestamp_to_event',
    welcome: served,
    aclAsked: true,
    request: ({ room }) => get(`/v1/timestamp_to_event/${encode(room.roomId)}?ts=1&dir=f`),
  },
  {
    name: 'event',
    welcome: served,
    aclAsked: false,
    request: ({ room }) => get(`/v1/event/${encode(room.latest)}`),
  },
  {
    name: 'hierarchy',
    welcome: served,
    aclAsked: false,
    request: ({ room }) => get(`/v1/hierarchy/${encode(room.roomId)}`),
  },
  {
    name: 'publicRooms',
    // A room directory that is closed to other servers says the same as the wall.
    welcome: { status: 403 },
    aclAsked: false,
    request: () => get('/v1/publicRooms'),
  },
];
