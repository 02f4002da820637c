/** Doors through which somebody learns about people, or gets at what belongs to them. */
import { encode, federation, get, served, type Door } from './door.ts';

export const peopleDoors: readonly Door[] = [
  {
    name: 'query/profile',
    welcome: { status: 403, error: 'Profile lookup over federation is disabled on this homeserver' },
    aclAsked: false,
    request: ({ resident }) => get(`/v1/query/profile?user_id=${encode(resident)}`),
  },
  {
    name: 'query/directory',
    welcome: { status: 404 },
    aclAsked: false,
    request: ({ resident }) =>
      get(`/v1/query/directory?room_alias=${encode(`#lagezentrum:${resident.split(':')[1]}`)}`),
  },
  {
    name: 'user/devices',
    welcome: served,
    aclAsked: false,
    request: ({ resident }) => get(`/v1/user/devices/${encode(resident)}`),
  },
  {
    name: 'user/keys/query',
    welcome: served,
    aclAsked: false,
    request: ({ resident }) => ({
      method: 'POST',
      uri: `${federation}/v1/user/keys/query`,
      content: { device_keys: { [resident]: [] } },
    }),
  },
  {
    name: 'user/keys/claim',
    welcome: served,
    aclAsked: false,
    request: ({ resident }) => ({
      method: 'POST',
      uri: `${federation}/v1/user/keys/claim`,
      content: { one_time_keys: { [resident]: { GERAET: 'signed_curve25519' } } },
    }),
  },
  {
    name: 'media/download',
    welcome: { status: 404 },
    aclAsked: false,
    request: () => get('/v1/media/download/abcdefghijklmnopqrstuvwx?timeout_ms=0'),
  },
];
