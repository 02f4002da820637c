/**
 * What a server that the whitelist lists may do although it must not, until the border gateway stands before the
 * federation listener ("The wall II"). One case an attack: how it is tried, how today's answer looks, and what must be
 * instead. The list is printed at the end of a test run and must shrink to nothing.
 */
import { randomUUID } from 'node:crypto';
import type { UnaddressedRequest } from '#test/harness/federation/federation-client.ts';
import { encode, federation } from '../doors/door.ts';

export interface Victim {
  /** The server that attacks. */
  readonly attacker: string;
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
  /** Whose client certificate is shown; none if it is missing. */
  readonly certificateOf?: 'attacker' | 'other server' | 'stranger';
  /** Status of today's answer: it shows that the attack was tried and not merely misspelt. */
  readonly today: number;
  readonly must: number | typeof tlsAlert;
}

/** The handshake fails, so that no request can be made at all. */
export const tlsAlert = 'TLS alert';

const post = (path: string, content: Record<string, unknown>): UnaddressedRequest => ({
  method: 'POST',
  uri: `${federation}${path}`,
  content,
});
const get = (uri: string): UnaddressedRequest => ({ method: 'GET', uri });

const gateway = { layer: 'border gateway', isSigned: true } as const;

/** An empty transaction: whoever is let in may send one. */
const emptyTransaction = ({ attacker }: Victim, more: Record<string, unknown> = {}): UnaddressedRequest => ({
  method: 'PUT',
  uri: `${federation}/v1/send/${randomUUID()}`,
  content: { origin: attacker, origin_server_ts: Date.now(), pdus: [], ...more },
});

/** Tried by itself, because it is not about an answer: the connection must be ended from the other side. */
export const slowRequestCase = {
  name: 'W40 a request whose head never ends',
  layer: 'border gateway',
  patienceMs: 5_000,
} as const;

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
  {
    ...gateway,
    isSigned: false,
    name: 'W38 the files of clients, where other servers knock',
    request: () => get('/_matrix/media/v3/config'),
    today: 401,
    must: 404,
  },
  {
    ...gateway,
    name: 'W39 a connection without a client certificate',
    request: (victim) => emptyTransaction(victim),
    today: 200,
    must: tlsAlert,
  },
  {
    ...gateway,
    name: 'W39 the client certificate of a server that is not listed',
    request: (victim) => emptyTransaction(victim),
    certificateOf: 'stranger',
    today: 200,
    must: tlsAlert,
  },
  {
    ...gateway,
    name: 'W39 the client certificate of another server than the one that signs',
    request: (victim) => emptyTransaction(victim),
    certificateOf: 'other server',
    today: 200,
    must: 403,
  },
  {
    ...gateway,
    name: 'W40 a body of eleven megabytes',
    request: (victim) => emptyTransaction(victim, { filling: 'x'.repeat(11_000_000) }),
    certificateOf: 'attacker',
    today: 200,
    must: 413,
  },
];

export const openAttacks: readonly Pick<OpenCase, 'name' | 'layer'>[] = [...openCases, toDeviceCase, slowRequestCase];
