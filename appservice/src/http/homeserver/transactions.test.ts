import { expect, test } from 'vitest';
import { homeserverHeaders, startTestHomeserverApp } from '../test-support/test-homeserver-app.ts';

function eventOf(id: string, content: object = {}) {
  return {
    event_id: `$${id}`,
    room_id: '!room',
    type: 'm.room.member',
    state_key: '@jana.mueller:land.hessen.test',
    sender: '@landbote:land.hessen.test',
    origin_server_ts: 1,
    content,
  };
}

function push(url: string, body: unknown, transactionId = '1', headers: Record<string, string> = homeserverHeaders) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${url}/_matrix/app/v1/transactions/${transactionId}`, { method: 'PUT', headers, body: text });
}

async function storedIds(database: Awaited<ReturnType<typeof startTestHomeserverApp>>['database']): Promise<string[]> {
  const rows = await database.selectFrom('inbox').select('event_id').orderBy('event_id').execute();
  return rows.map((row) => row.event_id);
}

test('events are stored whole and then handed over', async () => {
  const { url, database, arrived } = await startTestHomeserverApp();
  const response = await push(url, { events: [eventOf('a', { membership: 'join' }), eventOf('b')] });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  const rows = await database.selectFrom('inbox').selectAll().orderBy('event_id').execute();
  expect(rows.map((row) => JSON.parse(row.content))).toEqual([eventOf('a', { membership: 'join' }), eventOf('b')]);
  expect(rows[0]).toMatchObject({ received_at: 1_000, handled_at: null });
  expect(arrived.map((event) => event.event_id)).toEqual(['$a', '$b']);
});

test('a repeated transaction gets the same answer and has no second effect', async () => {
  const { url, database, arrived } = await startTestHomeserverApp();
  for (let time = 0; time < 3; time += 1) {
    const response = await push(url, { events: [eventOf('a')] });
    expect([response.status, await response.json()]).toEqual([200, {}]);
  }
  expect(await storedIds(database)).toEqual(['$a']);
  expect(arrived).toHaveLength(1);
});

test('concurrent copies of a transaction have one effect', async () => {
  const { url, arrived } = await startTestHomeserverApp();
  await Promise.all(Array.from({ length: 8 }, () => push(url, { events: [eventOf('a'), eventOf('b')] })));
  expect(arrived.map((event) => event.event_id).sort()).toEqual(['$a', '$b']);
});

test('a transaction id that is used again with other events loses none of them', async () => {
  const { url, database } = await startTestHomeserverApp();
  await push(url, { events: [eventOf('a')] }, '6');
  await push(url, { events: [eventOf('b')] }, '6');
  expect(await storedIds(database)).toEqual(['$a', '$b']);
});

test('malformed events are set aside and counted; the others proceed and the process lives', async () => {
  const { url, database } = await startTestHomeserverApp();
  const malformed = [
    null,
    5,
    'text',
    [],
    {},
    { ...eventOf('x'), event_id: 'x' },
    { ...eventOf('x'), room_id: 7 },
    { ...eventOf('x'), type: undefined },
  ];
  const many = Array.from({ length: 200 }, (_, number) => malformed[number % malformed.length]);
  const response = await push(url, { events: [eventOf('a'), ...many, eventOf('b')] });
  expect(response.status).toBe(200);
  expect(await storedIds(database)).toEqual(['$a', '$b']);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('landbote_events_malformed_total 200');
  expect(metrics).toContain('landbote_events_received_total 2');
});

test('hostile keys in an event’s content stay data', async () => {
  const { url, arrived } = await startTestHomeserverApp();
  await push(
    url,
    `{"events":[{"event_id":"$a","room_id":"!r","type":"t","sender":"@a:b","content":{"__proto__":{"isAdmin":true}}}]}`,
  );
  expect(arrived).toHaveLength(1);
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
});

test('a transaction of 5 MB is stored; more than 10 MB is too large', async () => {
  const { url, database } = await startTestHomeserverApp();
  const events = Array.from({ length: 100 }, (_, number) => eventOf(`e${number}`, { body: 'x'.repeat(50_000) }));
  expect((await push(url, { events })).status).toBe(200);
  expect(await storedIds(database)).toHaveLength(100);
  const tooLarge = await push(url, { events: [eventOf('z', { body: 'x'.repeat(11_000_000) })] });
  expect([tooLarge.status, await tooLarge.json()]).toMatchObject([413, { errcode: 'M_TOO_LARGE' }]);
});

test.each([
  ['broken JSON', '{"events":', 400, 'M_NOT_JSON'],
  ['no list of events', '{}', 400, 'M_BAD_JSON'],
  ['a list as body', '[]', 400, 'M_BAD_JSON'],
])('%s is refused', async (_what, body, status, errcode) => {
  const { url } = await startTestHomeserverApp();
  const response = await push(url, body);
  expect([response.status, await response.json()]).toMatchObject([status, { errcode }]);
});

test('an empty transaction is answered', async () => {
  const { url, arrived } = await startTestHomeserverApp();
  expect((await push(url, { events: [] })).status).toBe(200);
  expect(arrived).toEqual([]);
});

test('what could not be stored is not acknowledged, so that the homeserver sends it again', async () => {
  const { url, database, arrived } = await startTestHomeserverApp();
  await database.schema.dropTable('inbox').execute();
  const response = await push(url, { events: [eventOf('a')] });
  expect([response.status, await response.json()]).toMatchObject([500, { errcode: 'M_UNKNOWN' }]);
  expect(arrived).toEqual([]);
});

test('only the homeserver’s token in the header opens, and nothing is stored without it', async () => {
  const { url, database } = await startTestHomeserverApp();
  const body = { events: [eventOf('a')] };
  const attempts: [Record<string, string>, string, number, string][] = [
    [{}, '1', 401, 'M_UNAUTHORIZED'],
    [{}, '1?access_token=hs-token', 401, 'M_UNAUTHORIZED'],
    [{ Authorization: 'hs-token' }, '1', 401, 'M_UNAUTHORIZED'],
    [{ Authorization: 'Basic hs-token' }, '1', 401, 'M_UNAUTHORIZED'],
    [{ Authorization: 'XXXXXX hs-token' }, '1', 401, 'M_UNAUTHORIZED'],
    [{ Authorization: 'Bearer hs-tokem' }, '1', 403, 'M_FORBIDDEN'],
    [{ Authorization: 'Bearer hs-token2' }, '1?access_token=hs-token', 403, 'M_FORBIDDEN'],
    [{ Authorization: 'Bearer token-of-the-policy-module' }, '1', 403, 'M_FORBIDDEN'],
  ];
  for (const [headers, path, status, errcode] of attempts) {
    const response = await push(url, body, path, headers);
    expect([response.status, await response.json()]).toMatchObject([status, { errcode }]);
  }
  expect(await storedIds(database)).toEqual([]);
});
