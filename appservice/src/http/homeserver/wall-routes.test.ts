import { expect, test } from 'vitest';
import { startTestHomeserverApp, wallHeaders } from '../test-support/test-homeserver-app.ts';

const bot = '@landbote:land.hessen.test';
const jana = '@jana.mueller:land.hessen.test';

async function ask(url: string, callback: string, body: unknown, headers: Record<string, string> = wallHeaders) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}/wall/${callback}`, { method: 'POST', headers, body: text });
  return { status: response.status, body: await response.json() };
}

test('what the policy allows is answered with an empty object, which the module reads as allowed', async () => {
  const { url, refusals } = await startTestHomeserverApp();
  expect(await ask(url, 'user_may_create_room', { user_id: bot })).toEqual({ status: 200, body: {} });
  expect(refusals).toEqual([]);
});

test('what the policy refuses is forbidden, recorded and counted, and tells no rule', async () => {
  const { url, refusals } = await startTestHomeserverApp();
  const answer = await ask(url, 'user_may_create_room', { user_id: jana });
  expect(answer).toEqual({ status: 403, body: { errcode: 'M_FORBIDDEN', error: 'Not allowed on this homeserver' } });
  expect(refusals).toEqual([
    { callback: 'user_may_create_room', rule: 'create-room.bot-only', attacker: jana, room: null },
  ]);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(
    'landbote_wall_decisions_total{callback="user_may_create_room",outcome="create-room.bot-only"} 1',
  );
});

test.each([
  ['broken JSON', '{"user_id":'],
  ['no body', ''],
  ['a list', '[]'],
  ['another shape', '{"user":"@landbote:land.hessen.test"}'],
  ['3 MB', JSON.stringify({ user_id: bot, filler: 'x'.repeat(3_000_000) })],
])('%s is refused', async (_what, body) => {
  const { url } = await startTestHomeserverApp();
  expect(await ask(url, 'user_may_create_room', body)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
});

test.each<[string, Record<string, string>, number]>([
  ['no token', {}, 401],
  ['a wrong token', { Authorization: 'Bearer wrong' }, 403],
  ['the homeserver’s token', { Authorization: 'Bearer hs-token' }, 403],
])('with %s nothing is allowed', async (_what, headers, status) => {
  const { url } = await startTestHomeserverApp();
  expect((await ask(url, 'user_may_create_room', { user_id: bot }, headers)).status).toBe(status);
});

test.each(['accept_make_join', 'check_event_for_spam', 'toString', '__proto__'])('%s is no callback', async (name) => {
  const { url } = await startTestHomeserverApp();
  expect(await ask(url, name, { user_id: bot })).toMatchObject({ status: 404, body: { errcode: 'M_UNRECOGNIZED' } });
});

const report = { rule: 'state.creator-only', attacker: '@tom:schule.hessen.test', room: '!led' };

test('what the rules inside the homeserver report is recorded and counted', async () => {
  const { url, refusals } = await startTestHomeserverApp();
  expect(await ask(url, 'refusals', report)).toEqual({ status: 200, body: {} });
  expect(refusals).toEqual([{ callback: 'rules', ...report }]);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('landbote_wall_decisions_total{callback="rules",outcome="state.creator-only"} 1');
});

test('a report about what belongs to no room names none', async () => {
  const { url, refusals } = await startTestHomeserverApp();
  const ofPusher = { rule: 'pusher.nobody', attacker: jana, room: null };
  expect(await ask(url, 'refusals', ofPusher)).toEqual({ status: 200, body: {} });
  expect(refusals).toEqual([{ callback: 'rules', ...ofPusher }]);
});

test.each([
  ['a rule that nobody knows', { ...report, rule: 'x' }],
  ['no attacker', { ...report, attacker: undefined }],
  ['more than is asked for', { ...report, event: {} }],
  ['an endless name', { ...report, attacker: '@'.repeat(256) }],
])('a report with %s is not taken', async (_what, body) => {
  const { url, refusals } = await startTestHomeserverApp();
  expect(await ask(url, 'refusals', body)).toMatchObject({ status: 400, body: { errcode: 'M_BAD_JSON' } });
  expect(refusals).toEqual([]);
});

test('a policy that fails refuses', async () => {
  const { url } = await startTestHomeserverApp({
    wall: { judge: () => Promise.reject(new Error('database is gone')), takeReport: async () => {} },
  });
  expect(await ask(url, 'user_may_create_room', { user_id: bot })).toEqual({
    status: 403,
    body: { errcode: 'M_FORBIDDEN', error: 'Not allowed on this homeserver' },
  });
});
