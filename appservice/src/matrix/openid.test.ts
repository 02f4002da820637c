import { createServer, type IncomingHttpHeaders } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { readOpenIdUser } from './openid.ts';
import { HomeserverError } from './ports.ts';

const neverAborted = new AbortController().signal;

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
  expect(await readOpenIdUser(url, 'a&b=c', neverAborted)).toBe('@jana.mueller:land.hessen.test');
  expect(seen[0]?.url).toBe('/_matrix/federation/v1/openid/userinfo?access_token=a%26b%3Dc');
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test('an unknown token is nobody’s', async () => {
  const { url } = await homeserverThatAnswers(401, '{"errcode":"M_UNKNOWN_TOKEN"}');
  expect(await readOpenIdUser(url, 'unknown', neverAborted)).toBeNull();
});

test.each([
  ['a refusal', 403, '{}'],
  ['a failure', 500, ''],
  ['no JSON', 200, '<html>'],
  ['no user id', 200, '{"sub":"jana"}'],
  ['a redirect', 302, ''],
])('%s is an error, never a user', async (_what, status, body) => {
  const { url } = await homeserverThatAnswers(status, body);
  await expect(readOpenIdUser(url, 'token', neverAborted)).rejects.toThrow(HomeserverError);
});

test('a homeserver that is away is an error with status 0', async () => {
  await expect(readOpenIdUser('http://127.0.0.1:1', 'token', neverAborted)).rejects.toMatchObject({ status: 0 });
});

test('whoever ends does not wait for a homeserver that never answers', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.close();
    silent.closeAllConnections();
  });
  const { port } = z.object({ port: z.int() }).parse(silent.address());
  const abandoned = new AbortController();
  const reading = readOpenIdUser(`http://127.0.0.1:${port}`, 'token', abandoned.signal);
  silent.once('request', () => abandoned.abort());
  await expect(reading).rejects.toMatchObject({ status: 0 });
});
