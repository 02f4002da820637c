/**
 * What a server that the whitelist lists may do although it must not, until the border gateway stands before the
 * federation listener ("The wall II"). One case an attack: how it is tried, how today's answer looks, and what must be
 * instead. The list is printed at the end of a test run and must shrink to nothing.
 */
import type { UnaddressedRequest } from '#test/harness/federation/federation-client.ts';
import { encode, federation } from '../doors/door.ts';

export interface Victim {
  /** A person of the tried server who shares no room with the attacker. */
  readonly person: string;
  /** A file that the person has sent. */
  readonly mediaId: string;
  /** A room of the tried server in which the attacker has nobody. */
  readonly roomId: string;
}

export interface OpenCase {
  /** Number in the list of attacks, and what is tried. */
  readonly name: string;
  /** What will stop it. */
  readonly layer: 'border gateway';
  /** Whether the attacker signs the request. */
  readonly isSigned: boolean;
  readonly request: (victim: Victim) => UnaddressedRequest;
  /** Status of today's answer: it shows that the attack was tried and not merely misspelt. */
  readonly today: number;
  readonly must: number;
}

const post = (path: string, content: Record<string, unknown>): UnaddressedRequest => ({
  method: 'POST',
  uri: `${federation}${path}`,
  content,
});
const get = (uri: string): UnaddressedRequest => ({ method: 'GET', uri });

const gateway = { layer: 'border gateway', isSigned: true } as const;

/** Tried by itself, because its answer looks the same whether or not the message arrives. */
export const toDeviceCase = {
  name: 'W20 a message to devices of a person with whom no room is shared',
  layer: 'border gateway',
} as const;

export const openCases: readonly OpenCase[] = [
  {
    ...gateway,
    name: 'W09 devices of a person with whom no room is shared',
    request: ({ person }) => get(`${federation}/v1/user/devices/${encode(person)}`),
    today: 200,
    must: 403,
  },
  {
    ...gateway,
    name: 'W09 keys of a person with whom no room is shared',
    request: ({ person }) => post('/v1/user/keys/query', { device_keys: { [person]: [] } }),
    today: 200,
    must: 403,
  },
  {
    ...gateway,
    name: 'W09 a one-time key of a person with whom no room is shared',
    request: ({ person }) =>
      post('/v1/user/keys/claim', { one_time_keys: { [person]: { GERAET: 'signed_curve25519' } } }),
    today: 200,
    must: 403,
  },
  {
    ...gateway,
    name: 'W12 a file by its known id, without a common room',
    request: ({ mediaId }) => get(`${federation}/v1/media/download/${mediaId}?timeout_ms=1000`),
    today: 200,
    must: 404,
  },
  {
    ...gateway,
    name: 'W25 an exchanged invitation by mail',
    request: ({ roomId, person }) => ({
      method: 'PUT',
      uri: `${federation}/v1/exchange_third_party_invite/${encode(roomId)}`,
      content: {
        type: 'm.room.member',
        room_id: roomId,
        sender: person,
        state_key: person,
        content: {
          membership: 'invite',
          third_party_invite: { display_name: 'x', signed: { mxid: person, token: 'x', signatures: {} } },
        },
      },
    }),
    today: 403,
    must: 404,
  },
  {
    ...gateway,
    isSigned: false,
    name: 'W25 a mail address bound by nobody in particular (3pid/onbind)',
    request: ({ person }) =>
      post('/v1/3pid/onbind', { medium: 'email', address: 'a@b.test', mxid: person, invites: [] }),
    today: 200,
    must: 404,
  },
  {
    ...gateway,
    isSigned: false,
    name: 'W37 keys of other servers, vouched for by this one',
    request: () => ({ method: 'POST', uri: '/_matrix/key/v2/query', content: { server_keys: {} } }),
    today: 200,
    must: 404,
  },
  {
    ...gateway,
    isSigned: false,
    name: 'W38 whose OpenID token it is',
    request: () => get(`${federation}/v1/openid/userinfo?access_token=invented`),
    today: 401,
    must: 404,
  },
];

export const openAttacks: readonly Pick<OpenCase, 'name' | 'layer'>[] = [...openCases, toDeviceCase];
