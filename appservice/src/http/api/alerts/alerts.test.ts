import { expect, test } from 'vitest';
import { alertReceiptsSchema, type RecordedReceipt } from '#contract/alert-receipts.ts';
import type { AlertDesk } from '#appservice/alerts/alert-desk.ts';
import { jana } from '#appservice/people/test-organisation.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';

const acknowledged = { deviceId: 'PHONE', kind: 'acknowledged', at: 500 } as const;
const recorded: RecordedReceipt = { ...acknowledged, userId: jana, recordedAt: 600 };

async function start(alerts: Partial<AlertDesk> = {}) {
  const asked: unknown[] = [];
  const { url } = await startTestApi({
    alerts: {
      record: async (...parameters) => (asked.push(parameters), null),
      read: async () => [recorded],
      ...alerts,
    },
  });
  const headers = await signIn(url);
  const send = (init: RequestInit = {}, event = '$alert') =>
    fetch(`${url}/api/v1/alerts/${encodeURIComponent('!room')}/${encodeURIComponent(event)}/receipts`, {
      headers,
      ...init,
    });
  return { asked, send };
}

test('a receipt is the caller’s own, of the alert in the path', async () => {
  const { asked, send } = await start();
  const answer = await send({ method: 'POST', body: JSON.stringify(acknowledged) });
  expect(answer.status).toBe(204);
  expect(asked).toEqual([[{ roomId: '!room', eventId: '$alert' }, acknowledged, jana]]);
});

test('receipts are answered as they are kept', async () => {
  const { send } = await start();
  expect(alertReceiptsSchema.parse(await (await send()).json())).toEqual({ receipts: [recorded] });
});

test.each([
  ['read', {}],
  ['answered', { method: 'POST', body: JSON.stringify(acknowledged) }],
])('an alert that is not there cannot be %s', async (_what, init) => {
  const unknown = async () => 'alert.unknown' as const;
  const { send } = await start({ record: unknown, read: unknown });
  const answer = await send(init);
  expect([answer.status, (await problemOf(answer)).code]).toEqual([404, 'alert.unknown']);
});

test.each([
  ['a kind that there is not', { ...acknowledged, kind: 'read' }, '$alert'],
  ['words of its own', { ...acknowledged, text: 'Gesehen am Bahnhof' }, '$alert'],
  ['somebody else', { ...acknowledged, userId: '@pia:land.hessen.test' }, '$alert'],
  ['no event', acknowledged, 'alert'],
])('a receipt with %s is refused', async (_what, body, event) => {
  const { asked, send } = await start();
  const answer = await send({ method: 'POST', body: JSON.stringify(body) }, event);
  expect((await problemOf(answer)).code).toBe('request.invalid');
  expect(asked).toEqual([]);
});
