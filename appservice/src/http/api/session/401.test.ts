import { expect, test } from 'vitest';
import { jsonHeaders, openIdBody, problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana } from '#appservice/people/test-organisation.ts';

async function refusalOf(url: string, body: string) {
  return problemOf(await fetch(`${url}/api/v1/session`, { method: 'POST', headers: jsonHeaders, body }));
}

test('an OpenID token of another homeserver is refused without asking anybody', async () => {
  const asked: string[] = [];
  const { url } = await startTestApi({
    openId: {
      userOfOpenIdToken: async (token) => {
        asked.push(token);
        return jana;
      },
    },
  });
  for (const issuer of ['polizei.hessen.test', 'evil.land.hessen.test', 'land.hessen.test.evil.test']) {
    expect(await refusalOf(url, openIdBody(jana, issuer))).toMatchObject({
      status: 401,
      code: 'session.openid-refused',
    });
  }
  expect(asked).toEqual([]);
});

test('a user of another homeserver is refused, even if the own homeserver answers it', async () => {
  const { url } = await startTestApi();
  for (const user of [
    '@jana.mueller:polizei.hessen.test',
    '@x:land.hessen.test.evil.test',
    '@jana.mueller:evil-land.hessen.test',
  ]) {
    expect(await refusalOf(url, openIdBody(user))).toMatchObject({ code: 'session.openid-refused' });
  }
});

test('a token that the homeserver does not know is refused', async () => {
  const { url } = await startTestApi({ openId: { userOfOpenIdToken: async () => null } });
  expect(await refusalOf(url, openIdBody(jana))).toMatchObject({ code: 'session.openid-refused' });
});

test.each<[string, Record<string, string>]>([
  ['no header', {}],
  ['an empty token', { Authorization: 'Bearer ' }],
  ['another scheme', { Authorization: 'Basic amFuYTpqYW5h' }],
])('%s is a missing session', async (_what, headers) => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/people`, { headers });
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'session.missing' });
});

test('a session token in the query string is not looked at', async () => {
  const { url } = await startTestApi();
  const { Authorization = '' } = await signIn(url);
  const response = await fetch(`${url}/api/v1/people?access_token=${Authorization.slice('Bearer '.length)}`);
  expect(await problemOf(response)).toMatchObject({ code: 'session.missing' });
});

test('an invented token is an invalid session', async () => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/people`, { headers: { Authorization: 'Bearer invented' } });
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'session.invalid' });
});

test('a session is over after an hour, to the millisecond', async () => {
  const { url, clock } = await startTestApi();
  const session = await signIn(url);
  clock.now += 3_599_999;
  expect((await fetch(`${url}/api/v1/people`, { headers: session })).status).toBe(200);
  clock.now += 1;
  const response = await fetch(`${url}/api/v1/people`, { headers: session });
  expect(await problemOf(response)).toMatchObject({ code: 'session.invalid' });
});

test.each([
  ['GET', '/domain'],
  ['GET', '/people'],
  ['POST', '/people/lookup'],
  ['POST', '/conversations'],
  ['GET', '/plans'],
  ['POST', '/plans/sha256-abcdef/approval'],
  ['DELETE', '/session'],
])('%s %s wants a session', async (method, path) => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1${path}`, { method });
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'session.missing' });
});
