import { createServer, type IncomingHttpHeaders } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { readOpenIdUser } from './openid.ts';
import { HomeserverError } from './ports.ts';

async function homeserverThatAnswers(status: number, body: string) {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(status, { 'Content-Type': 'application/json', Location: 'http://127.0.0.1:1/' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}`, seen };
}

test('answers the user and sends no Authorization header, which Synapse would take for another server', async () => {
  const { url, seen } = await homeserverThatAnswers(200, '{"sub":"@jana.mueller:land.hessen.test"}');
  expect(await readOpenIdUser(url, 'a&b=c')).toBe('@jana.mueller:land.hessen.test');
  expect(seen[0]?.url).toBe('/_matrix/federation/v1/openid/userinfo?access_token=a%26b%3Dc');
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test('an unknown token is nobody’s', async () => {
  const { url } = await homeserverThatAnswers(401, '{"errcode":"M_UNKNOWN_TOKEN"}');
  expect(await readOpenIdUser(url, 'unknown')).toBeNull();
});

test.each([
  ['a refusal', 403, '{}'],
  ['a failure', 500, ''],
  ['no JSON', 200, '<html>'],
  ['no user id', 200, '{"sub":"jana"}'],
  ['a redirect', 302, ''],
])('%s is an error, never a user', async (_what, status, body) => {
  const { url } = await homeserverThatAnswers(status, body);
  await expect(readOpenIdUser(url, 'token')).rejects.toThrow(HomeserverError);
});

test('a homeserver that is away is an error with status 0', async () => {
  await expect(readOpenIdUser('http://127.0.0.1:1', 'token')).rejects.toMatchObject({ status: 0 });
});
