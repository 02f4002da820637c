import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { pino } from 'pino';
import { clientOrigin, jsonHeaders, openIdBody, problemOf, signIn, startTestApi } from '../test-support/test-api.ts';
import { jana } from '#appservice/people/test-organisation.ts';

function post(url: string, body: string, headers: Record<string, string>) {
  return fetch(`${url}/api/v1/session`, { method: 'POST', headers, body });
}

test.each([
  '/',
  '/api/v1',
  '/api/v2/people',
  '/api/v1/people/',
  '/api/v1/PEOPLE',
  '/_matrix/provision',
  '/provisioning',
  '/api/v1//people',
])('%s is unknown', async (path) => {
  const { url } = await startTestApi();
  expect(await problemOf(await fetch(`${url}${path}`))).toMatchObject({ status: 404, code: 'route.unknown' });
});

test.each([
  ['PUT', '/api/v1/session', 'POST, DELETE'],
  ['DELETE', '/api/v1/people', 'GET'],
  ['POST', '/live', 'GET'],
  ['PATCH', '/api/v1/conversations', 'POST'],
])('%s %s is the wrong method', async (method, path, allow) => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}${path}`, { method });
  expect(response.headers.get('allow')).toBe(allow);
  expect(await problemOf(response)).toMatchObject({ status: 405, code: 'route.method-not-allowed' });
});

test.each([
  ['form data', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
  ['an unknown character set', '{}', { 'Content-Type': 'application/json; charset=ebcdic' }, 415],
  [
    'a compressed body, which could be a bomb',
    '{}',
    { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    415,
  ],
  ['broken JSON', '{"access_token":', { 'Content-Type': 'application/json' }, 400],
  ['a lonely value', '"text"', { 'Content-Type': 'application/json' }, 400],
])('%s is not JSON', async (_what, body, headers, status) => {
  const { url } = await startTestApi();
  expect(await problemOf(await post(url, body, headers))).toMatchObject({ status, code: 'request.not-json' });
});

test('64 KB are accepted, more is too large', async () => {
  const { url } = await startTestApi();
  const bodyOf = (bytes: number) => JSON.stringify({ filler: 'x'.repeat(bytes - '{"filler":""}'.length) });
  expect(await problemOf(await post(url, bodyOf(65_536), jsonHeaders))).toMatchObject({ code: 'request.invalid' });
  expect(await problemOf(await post(url, bodyOf(65_537), jsonHeaders))).toMatchObject({
    status: 413,
    code: 'request.too-large',
  });
});

test('no body at all is an invalid request', async () => {
  const { url } = await startTestApi();
  expect(await problemOf(await fetch(`${url}/api/v1/session`, { method: 'POST' }))).toMatchObject({
    code: 'request.invalid',
  });
});

test('an unexpected error gets an id that stands in the log, and tells nothing else', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
  const { url } = await startTestApi({
    logger,
    openId: { userOfOpenIdToken: () => Promise.reject(new Error('password of the database: geheim')) },
  });
  const response = await post(url, openIdBody(jana), jsonHeaders);
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(problem)).not.toContain('geheim');
  expect(lines.join('\n')).toContain(problem.instance);
});

test('the log holds neither tokens nor what people search for', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const { url } = await startTestApi({ logger });
  const session = await signIn(url);
  await fetch(`${url}/api/v1/people?query=geheimnis`, { headers: session });
  expect(lines.join('')).toContain('/api/v1/people');
  expect(lines.join('')).not.toContain('geheimnis');
  expect(lines.join('')).not.toContain(session['Authorization']?.slice('Bearer '.length));
});

test('a path that is no valid encoding does not disturb', async () => {
  const { url } = await startTestApi();
  expect((await fetch(`${url}/api/v1/plans/%ff/approval`, { method: 'POST' })).status).toBe(400);
});

test('a broken request line does not end the process', async () => {
  const { url } = await startTestApi();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end('GET / HTTP/9.9\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve).resume());
  expect((await fetch(`${url}/live`)).status).toBe(200);
});

test('exactly the client’s origin may read answers, without credentials', async () => {
  const { url } = await startTestApi();
  const allowed = await fetch(`${url}/live`, { headers: { Origin: clientOrigin } });
  expect(allowed.headers.get('access-control-allow-origin')).toBe(clientOrigin);
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  for (const origin of [
    'http://localhost:48100',
    'http://localhost',
    'null',
    'https://evil.test',
    `${clientOrigin}.evil.test`,
  ]) {
    const refused = await fetch(`${url}/live`, { headers: { Origin: origin } });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(refused.headers.get('vary')).toContain('Origin');
  }
});

test('errors are readable across origins too', async () => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/people`, { headers: { Origin: clientOrigin } });
  expect(response.status).toBe(401);
  expect(response.headers.get('access-control-allow-origin')).toBe(clientOrigin);
});

test('a preflight of the client is answered and may be cached; another origin gets no permission', async () => {
  const { url } = await startTestApi();
  const preflight = (origin: string) =>
    fetch(`${url}/api/v1/conversations`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
  const allowed = await preflight(clientOrigin);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
  expect(Number(allowed.headers.get('access-control-max-age'))).toBeGreaterThanOrEqual(600);
  expect((await preflight('https://evil.test')).headers.get('access-control-allow-methods')).toBeNull();
});

test('every answer carries the security headers and is never cached', async () => {
  const { url } = await startTestApi();
  const { headers } = await fetch(`${url}/api/v1/people`);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a station behind one address can start its shift: 100 sign-ins at once, the 121st waits', async () => {
  const { url } = await startTestApi();
  const openMany = async (count: number) => {
    const responses = await Promise.all(Array.from({ length: count }, () => post(url, openIdBody(jana), jsonHeaders)));
    return new Set(responses.map((response) => response.status));
  };
  expect(await openMany(120)).toEqual(new Set([201]));
  const refused = await post(url, openIdBody(jana), jsonHeaders);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await problemOf(refused)).toMatchObject({ code: 'rate.limited' });
});

test('ready tells the progress and becomes 200 when the organisation stands', async () => {
  const progress = { state: 'reconciling' as 'reconciling' | 'ready', done: 3, total: 70 };
  const { url } = await startTestApi({ progress: () => progress });
  const before = await fetch(`${url}/ready`);
  expect([before.status, await before.json()]).toEqual([503, { state: 'reconciling', done: 3, total: 70 }]);
  progress.state = 'ready';
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  expect((await fetch(`${url}/live`)).status).toBe(200);
});
