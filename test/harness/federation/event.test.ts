import { describe, expect, test } from 'vitest';
import type { JsonObject } from './canonical-json.ts';
import { contentHash, eventIdOf, roomIdOf, signEvent, type Signer } from './event.ts';

/** Matrix specification, appendices, "Cryptographic test vectors". */
const signer: Signer = {
  serverName: 'domain',
  key: { id: 'ed25519:1', seed: Buffer.from('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1', 'base64') },
};

const inRoom = {
  sender: '@a:domain',
  room_id: '!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM',
  prev_events: ['$p'],
  auth_events: ['$a'],
  origin_server_ts: 1000000,
};

const createEvent = {
  type: 'm.room.create',
  state_key: '',
  sender: '@bot:domain',
  content: { room_version: '12', 'de.landbote.room': { class: 'einheit' }, 'm.federate': true },
  prev_events: [],
  auth_events: [],
  depth: 1,
  origin_server_ts: 1000000,
};

interface Vector {
  readonly event: JsonObject;
  readonly hash: string;
  readonly signature: string;
  readonly eventId: string;
}

/** Computed by Synapse 1.163.2 (`add_hashes_and_signatures`, room version 12) with the specification's key. */
const synapseVectors: readonly Vector[] = [
  {
    event: createEvent,
    hash: 'gHcKA0Q8tekDUMPPfvJjm7yNGQYxDc4apS1rG1/YbG8',
    signature: '6Fc7jQk861nALmYb3tOXBSnlfCLdvFb3AJl8vt9ejBtjN90dozFwy7Wwiv7O9CouRbnQ3OOuEZ43z9U0fKAHCQ',
    eventId: '$lNyVLNvX2ICF7ZgDd-bqIQkePONTGKB6MZQ91njYz04',
  },
  {
    event: {
      ...inRoom,
      type: 'm.room.member',
      state_key: '@a:domain',
      content: { membership: 'join', displayname: 'Änne' },
      depth: 3,
    },
    hash: 'tiph6UBu5NXPa/k++53SdB4SiflHKE7bCH8Y8uLz27k',
    signature: 'VVfgcH1dOw0rZhR3Z/XH/FdDp5IXhrUU9zNBIhlryiss+Y1ybjtALMestn5fJzLH1uYTw8dqTqe0YyeUWIgNAg',
    eventId: '$d-5FV0iFY3TXKLHA7QQDarR0Tj7ti7mNKVTsfL-Ld8M',
  },
  {
    event: { ...inRoom, type: 'm.room.message', content: { body: 'x', msgtype: 'm.text' }, depth: 4 },
    hash: 'MWMqQ7nlcu194sdJp/6tAI3U/ze8Cnx8zlT2c2hZAA8',
    signature: 'G8/rUJrAYLhig5iiy5yCHdhX9wklVlBNSps/t3MJOou99t2oPryl0LEuwzPQdfokcx91/aiHtn7nfmqY+3J9Dg',
    eventId: '$zRxp0tw6j3Uw4msCRO7KymM0zZk1Un61WZTQ6iAq82M',
  },
  {
    event: { ...inRoom, type: 'm.room.redaction', content: { redacts: '$t', reason: 'r' }, depth: 5 },
    hash: 'UxaEMWzLytA8e727bDNQnNSDHPPLehqyWKOGU2SvWLA',
    signature: 'Z3WhxJA0XQvTiVnwOt5wKxWWqbPF14llV0xz9OwZMc5vQtZipdc/heB7/7QxWxq106JOsj4HnTmpb9CXUOE+BA',
    eventId: '$TBLuxjZ2GNFBlzc_S83glWJ_SmIUFW61Af6kcNvPkNQ',
  },
  {
    event: {
      ...inRoom,
      type: 'm.room.power_levels',
      state_key: '',
      content: { invite: 100, notifications: { room: 50 }, users: { '@a:domain': 50 } },
      depth: 5,
    },
    hash: 'ucoL9UxbdN1v2Hf8+cUaB7KjTVtZ3aR/CRXAi3dRR6c',
    signature: '8wievB5fa/2/YnB2VnqvKQ80iTXCiwRo6Lb5z541JTtnOTsEJrawCqhmUnrvFeHqa/uoKjYldqDooFMW4RbTBQ',
    eventId: '$lBBo_gpWpXSv2OTExqNUxAJrPQAnSBZ8gzLSD6P6huw',
  },
];

describe('an event of room version 12', () => {
  test.each(synapseVectors)('has the hash, signature and id that Synapse gives it: $event.type', (vector) => {
    expect(contentHash(vector.event)).toBe(vector.hash);
    const { eventId, pdu } = signEvent({ ...vector.event, hashes: { sha256: vector.hash } }, signer);
    expect(eventId).toBe(vector.eventId);
    expect(pdu['signatures']).toEqual({ domain: { 'ed25519:1': vector.signature } });
  });

  test('keeps its id when it is signed once more', () => {
    const once = signEvent({ ...createEvent, hashes: { sha256: contentHash(createEvent) } }, signer);
    expect(signEvent(once.pdu, { ...signer, serverName: 'second' }).eventId).toBe(once.eventId);
  });

  test("names the room by its create event's hash", () => {
    const created = { ...createEvent, hashes: { sha256: contentHash(createEvent) } };
    expect(roomIdOf(created)).toBe(`!${eventIdOf(created).slice(1)}`);
  });
});

describe('the content hash', () => {
  // Matrix specification, appendices, "Event signing": the hash is the same in all room versions.
  test.each([
    [
      'of the smallest event',
      {
        room_id: '!x:domain',
        sender: '@a:domain',
        origin: 'domain',
        origin_server_ts: 1000000,
        signatures: {},
        hashes: {},
        type: 'X',
        content: {},
        prev_events: [],
        auth_events: [],
        depth: 3,
        unsigned: { age_ts: 1000000 },
      },
      '5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos',
    ],
    [
      'of an event with content',
      {
        content: { body: 'Here is the message content' },
        event_id: '$0:domain',
        origin: 'domain',
        origin_server_ts: 1000000,
        type: 'm.room.message',
        room_id: '!r:domain',
        sender: '@u:domain',
        signatures: {},
        unsigned: { age_ts: 1000000 },
      },
      'onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g',
    ],
  ])('%s is that of the specification', (_name, event, hash) => {
    expect(contentHash(event)).toBe(hash);
  });
});
