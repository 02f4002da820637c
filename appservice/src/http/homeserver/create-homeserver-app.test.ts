import { expect, test } from 'vitest';
import { homeserverHeaders, startTestHomeserverApp } from '../test-support/test-homeserver-app.ts';

async function answerTo(method: string, path: string, headers: Record<string, string> = homeserverHeaders) {
  const { url } = await startTestHomeserverApp();
  const body = method === 'POST' || method === 'PUT' ? { body: '{}' } : {};
  const response = await fetch(`${url}${path}`, { method, headers, ...body });
  return { status: response.status, body: await response.json(), allow: response.headers.get('allow') };
}

test('ping is answered', async () => {
  expect(await answerTo('POST', '/_matrix/app/v1/ping')).toMatchObject({ status: 200, body: {} });
});

test.each(['/users/@x:land.hessen.test', '/rooms/%23x:land.hessen.test'])(
  '%s is never provisioned on demand',
  async (path) => {
    expect(await answerTo('GET', `/_matrix/app/v1${path}`)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  },
);

test.each([
  ['GET', '/users/@x:land.hessen.test'],
  ['GET', '/rooms/%23x:land.hessen.test'],
  ['POST', '/ping'],
])('%s %s wants the token', async (method, path) => {
  const missing = await answerTo(method, `/_matrix/app/v1${path}`, {});
  expect(missing).toMatchObject({ status: 401, body: { errcode: 'M_UNAUTHORIZED' } });
  const wrong = await answerTo(method, `/_matrix/app/v1${path}`, { Authorization: 'Bearer wrong' });
  expect(wrong).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
});

test.each([
  '/',
  '/transactions/1',
  '/_matrix/app/unstable/transactions/1',
  '/_matrix/app/v1/thirdparty/protocol/irc',
  '/_matrix/app/v1/transactions/1/2',
  '/_matrix/app/v1/ping/',
  '/_MATRIX/app/v1/ping',
  '//_matrix/app/v1/ping',
  '/_matrix/provision',
  '/api/v1/people',
])('%s is unrecognized', async (path) => {
  expect(await answerTo('POST', path)).toMatchObject({ status: 404, body: { errcode: 'M_UNRECOGNIZED' } });
});

test.each([
  ['GET', '/_matrix/app/v1/transactions/1', 'PUT'],
  ['POST', '/_matrix/app/v1/transactions/1', 'PUT'],
  ['GET', '/_matrix/app/v1/ping', 'POST'],
  ['DELETE', '/_matrix/app/v1/users/@x:y.z', 'GET'],
  ['GET', '/wall/user_may_invite', 'POST'],
])('%s %s is the wrong method', async (method, path, allow) => {
  expect(await answerTo(method, path)).toMatchObject({ status: 405, body: { errcode: 'M_UNRECOGNIZED' }, allow });
});
