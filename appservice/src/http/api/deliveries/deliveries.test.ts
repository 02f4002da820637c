import { expect, test } from 'vitest';
import { deliveriesSchema, deliveriesVerificationSchema } from '#contract/deliveries.ts';
import { ministries, userId } from '#appservice/authority/test-organisation.ts';
import { createDeliveryDesk } from '#appservice/deliveries/delivery-desk.ts';
import { createDeliveryLedger } from '#appservice/matrix/delivery-ledger.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { listen } from '../../test-support/listen.ts';

const auditor = userId('zoe.zentral');
const room = '!AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQ';
const entry = { sequence: 4, at: 0, server: 'polizei.hessen.test', event_id: '$e', way: '/send', room_id: room };

/** The API before a homeserver that answers every question about deliveries alike, and keeps what it was asked. */
async function startAnswering(status: number, body: unknown) {
  const asked: string[] = [];
  const url = await listen((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  const database = await openTestDatabase();
  const abandoned = new AbortController().signal;
  const ledger = createDeliveryLedger({ url: `${url}/memberships`, token: 'secret', abandoned });
  const deliveries = createDeliveryDesk({ ledger, database, now: () => 7 });
  const api = await startTestApi({ organisation: () => ministries(), deliveries });
  const headers = await signIn(api.url, auditor);
  const get = (path: string) => fetch(`${api.url}/api/v1/deliveries${path}`, { headers });
  const rows = () => database.selectFrom('audit').select(['actor', 'action', 'subject', 'detail']).execute();
  return { get, asked, rows };
}

test('what a server was handed of a room is answered, and the question leaves a row', async () => {
  const { get, asked, rows } = await startAnswering(200, { count: 9, entries: [entry] });
  const answer = await get(`?room=${encodeURIComponent(room)}&server=polizei.hessen.test&limit=1`);
  expect(deliveriesSchema.parse(await answer.json())).toEqual({
    count: 9,
    deliveries: [
      { sequence: 4, at: '1970-01-01T00:00:00.000Z', server: 'polizei.hessen.test', event: '$e', way: '/send' },
    ],
  });
  const query = new URLSearchParams({ room_id: room, server: 'polizei.hessen.test', after: '0', limit: '1' });
  expect(asked).toEqual([`Bearer secret /_landbote/v1/deliveries?${query.toString()}`]);
  expect(await rows()).toEqual([
    {
      actor: auditor,
      action: 'deliveries.read',
      subject: room,
      detail: JSON.stringify({ after: 0, count: 9, limit: 1, server: 'polizei.hessen.test' }),
    },
  ]);
});

test('a verification is answered, and leaves the head in the audit trail', async () => {
  const { get, rows } = await startAnswering(200, { entries: 9, first_bad_sequence: 3, head: 'ab' });
  const verification = { entries: 9, firstBadSequence: 3, head: 'ab' };
  expect(deliveriesVerificationSchema.parse(await (await get('/verification')).json())).toEqual(verification);
  expect(await rows()).toMatchObject([{ action: 'deliveries.verified', detail: JSON.stringify(verification) }]);
});

test.each<[string, number, unknown]>([
  ['refuses', 401, { errcode: 'M_UNKNOWN_TOKEN' }],
  ['answers something else', 200, { deliveries: [] }],
])('a homeserver that %s is no proof that nothing was handed over', async (_what, status, body) => {
  const { get, rows } = await startAnswering(status, body);
  const problem = await problemOf(await get(`?room=${encodeURIComponent(room)}`));
  expect(problem.code).toBe('homeserver.unavailable');
  expect(await rows()).toEqual([]);
});

test('without the listener nothing is claimed', async () => {
  const deliveries = createDeliveryDesk({
    ledger: createDeliveryLedger(null),
    database: await openTestDatabase(),
    now: () => 7,
  });
  const { url } = await startTestApi({ organisation: () => ministries(), deliveries });
  const headers = await signIn(url, auditor);
  const answer = await fetch(`${url}/api/v1/deliveries/verification`, { headers });
  expect((await problemOf(answer)).code).toBe('homeserver.unavailable');
});
