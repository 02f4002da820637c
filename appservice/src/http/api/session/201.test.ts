import { expect, test } from 'vitest';
import { sessionSchema } from '#contract/api.ts';
import { jsonHeaders, openIdBody, signIn, startTestApi } from '../../test-support/test-api.ts';
import { departed, jana, uwe } from '#appservice/people/test-organisation.ts';

async function openSession(url: string, userId: string) {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: jsonHeaders,
    body: openIdBody(userId),
  });
  expect(response.status).toBe(201);
  return sessionSchema.parse(await response.json());
}

test('a person of the own homeserver gets a session of one hour with person and roles', async () => {
  const { url } = await startTestApi();
  const session = await openSession(url, uwe);
  expect(session).toMatchObject({
    expiresInMs: 3_600_000,
    person: { userId: uwe, name: 'Uwe Adler' },
    roles: ['approver'],
  });
});

test('the token is 32 random bytes and only its hash is stored', async () => {
  const { url, database } = await startTestApi();
  const [one, other] = [await openSession(url, jana), await openSession(url, jana)];
  expect(Buffer.from(one.token, 'base64url')).toHaveLength(32);
  expect(one.token).not.toBe(other.token);
  const rows = await database.selectFrom('session').selectAll().execute();
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain(one.token);
});

test('an account that is not declared gets a session without person and roles', async () => {
  const { url } = await startTestApi();
  expect(await openSession(url, departed)).toMatchObject({ person: null, roles: [] });
});

test('ending a session makes its token worthless and leaves other sessions alone', async () => {
  const { url } = await startTestApi();
  const [ended, other] = [await signIn(url), await signIn(url)];
  const answer = await fetch(`${url}/api/v1/session`, { method: 'DELETE', headers: ended });
  expect(answer.status).toBe(204);
  expect((await fetch(`${url}/api/v1/people`, { headers: ended })).status).toBe(401);
  expect((await fetch(`${url}/api/v1/people`, { headers: other })).status).toBe(200);
});
