import { pino } from 'pino';
import { beforeEach, expect, test, vi } from 'vitest';
import { statementKey, statementType } from '#contract/agreement.ts';
import { botOf, roomIdSchema } from '#contract/ids.ts';
import { organisation } from '#appservice/people/test-organisation.ts';
import type { SigningKey, StateContent, StateEvent } from '#appservice/matrix/ports.ts';
import { openStore } from '#appservice/store/open-store.ts';
import { liaisonAddress } from '../reconciler/agreed-rooms.ts';
import { openAgreementBook, type AgreementBook } from './agreement-book.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { fingerprintOf } from './fingerprint.ts';
import { accepted, land, ownedAgreement, police, policePartner, terms, twoConsents } from './test-agreements.ts';

const room = roomIdSchema.parse('!liaison');
const key: SigningKey = { id: policePartner.key, key: 'A'.repeat(43) };
const partner = { ...policePartner, fingerprint: fingerprintOf(key.key) };
const agreement = ownedAgreement({ consents: twoConsents });

let state: StateEvent[];
let book: AgreementBook;
let exchange: Exchange;
const signingKeysOf = vi.fn<(server: string, keyId: string) => Promise<readonly SigningKey[]>>();
const readState = vi.fn<() => Promise<readonly StateEvent[]>>(async () => state);
const sendState = vi.fn<(roomId: string, sent: StateContent) => Promise<void>>(async () => undefined);

beforeEach(async () => {
  vi.clearAllMocks();
  signingKeysOf.mockResolvedValue([key]);
  state = [];
  const store = await openStore({ url: 'sqlite::memory:' });
  book = await openAgreementBook(store, () => 1);
  await book.act(terms.id, () => ({
    agreement,
    entry: { action: 'agreement.proposed', actor: botOf(land), detail: {} },
  }));
  const homeserver = {
    signingKeysOf,
    readState,
    sendState,
    ownSigningKeys: vi.fn(),
    joinedRooms: vi.fn(),
    joinAs: vi.fn(),
  };
  exchange = createExchange({
    homeserver,
    book,
    store,
    serverName: land,
    liaisons: { all: () => new Map(), note: async () => undefined },
    inventory: async () => new Map([[liaisonAddress('polizei'), room]]),
    organisation: () => ({ ...organisation, domain: { ...organisation.domain, id: 'land', partners: [partner] } }),
    isDeclared: () => true,
    logger: pino({ level: 'silent' }),
    now: () => 1,
  });
  return () => store.close();
});

const said = () => sendState.mock.calls.map(([, { state_key: stateKey, content }]) => [stateKey, content['isOver']]);

test('a turn asks for a partner’s keys once, and says what came about after it was heard', async () => {
  const content = { ...accepted };
  state = [
    {
      type: statementType,
      state_key: statementKey('polizei', terms.id),
      content,
      sender: botOf(police),
      event_id: '$a',
    },
  ];
  const heard = await exchange.hear();
  expect(book.find(terms.id)?.heard).toEqual(accepted);
  await book.act(terms.id, () => ({
    agreement: { ...agreement, end: { by: botOf(land), at: 1, reason: 'Einsatz vorbei' } },
    entry: { action: 'agreement.ended', actor: botOf(land), detail: {} },
  }));
  expect(await exchange.say(heard)).toBe(true);
  expect(said()).toEqual([[statementKey('land', terms.id), true]]);
  expect(signingKeysOf).toHaveBeenCalledTimes(1);
});

test.each([
  ['signs with another key', async () => [{ ...key, key: 'B'.repeat(43) }]],
  ['cannot be asked for its keys', async () => []],
  ['cannot be reached', () => Promise.reject(new Error('away'))],
])('a partner that %s is neither read nor told, and is tried again', async (_what, keys) => {
  signingKeysOf.mockImplementation(keys);
  expect(await exchange.say(await exchange.hear())).toBe(false);
  expect([readState.mock.calls, sendState.mock.calls]).toEqual([[], []]);
});

test('what has been said already is not said again', async () => {
  await exchange.say(await exchange.hear());
  const [[, own] = []] = sendState.mock.calls;
  if (own === undefined) throw new Error('nothing was said');
  state = [{ ...own, sender: botOf(land), event_id: '$b' }];
  expect(await exchange.say(await exchange.hear())).toBe(true);
  expect(sendState).toHaveBeenCalledTimes(1);
});
