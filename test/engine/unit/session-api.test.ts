import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { HomeserverError, UnreachableError } from '../../../client/src/engine/matrix/homeserver-api.ts';
import { sessionApi, type SessionEnd } from '../../../client/src/engine/session/session-api.ts';
import { sessionTokens, type TokenPair } from '../../../client/src/engine/session/tokens.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

interface Recorded {
  readonly path: string;
  readonly token: string;
}

/** A homeserver that takes one access token at a time and renews it for the refresh token that belongs to it. */
async function homeserver(options: { isDeviceGone?: boolean } = {}) {
  const requests: Recorded[] = [];
  let valid = 1;
  const url = await serve((request, response) => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const path = request.url ?? '';
    requests.push({ path, token });
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path === '/_matrix/client/v3/refresh') {
      if (options.isDeviceGone) return answer(401, { errcode: 'M_UNKNOWN_TOKEN', error: 'gone' });
      valid += 1;
      return answer(200, { access_token: `access-${valid}`, refresh_token: `refresh-${valid}` });
    }
    if (token !== `access-${valid}` || options.isDeviceGone) {
      return answer(401, { errcode: 'M_UNKNOWN_TOKEN', error: 'unknown', soft_logout: !options.isDeviceGone });
    }
    if (path === '/moved') return void response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end();
    if (path === '/page')
      return void response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
    return answer(200, { path });
  });
  return { url, requests, expire: () => (valid += 1) };
}

function apiOf(url: string, initial: TokenPair = { accessToken: 'access-1', refreshToken: 'refresh-1' }) {
  const kept: TokenPair[] = [];
  const ends: SessionEnd[] = [];
  const tokens = sessionTokens(url, initial, async (pair) => void kept.push(pair));
  return { api: sessionApi(url, tokens, (end) => ends.push(end)), kept, ends };
}

describe('the session at the homeserver', () => {
  test('renews a token that ran out once, however many requests find it so, and repeats them', async () => {
    const { url, requests, expire } = await homeserver();
    const { api, kept, ends } = apiOf(url);
    expire();
    const answers = await Promise.all(['/a', '/b', '/c'].map((path) => api.request('GET', path)));
    expect(answers).toEqual([{ path: '/a' }, { path: '/b' }, { path: '/c' }]);
    expect(requests.filter(({ path }) => path.endsWith('/refresh'))).toHaveLength(1);
    expect(kept).toEqual([{ accessToken: 'access-3', refreshToken: 'refresh-3' }]);
    expect(ends).toEqual([]);
  });

  test('believes in its end only when the homeserver says so itself', async () => {
    const { url } = await homeserver({ isDeviceGone: true });
    const { api, ends } = apiOf(url);
    await expect(api.request('GET', '/a')).rejects.toBeInstanceOf(HomeserverError);
    await expect.poll(() => ends).toEqual(['hard']);
  });

  test('takes the page of something in between for no answer, and follows no redirect', async () => {
    const { url } = await homeserver();
    const { api } = apiOf(url);
    await expect(api.request('GET', '/page')).rejects.toBeInstanceOf(UnreachableError);
    await expect(api.request('GET', '/moved')).rejects.toBeInstanceOf(UnreachableError);
  });

  test('gives its token to the homeserver and to no other origin', async () => {
    const { url } = await homeserver();
    const seen: string[] = [];
    const foreign = await serve((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    const { api } = apiOf(url);
    await expect(api.fetch(`${foreign}/_matrix/client/v1/media/download/a/b`)).rejects.toThrow('foreign-origin');
    expect(seen).toEqual([]);
    const answer: unknown = await (await api.fetch(`${url}/media`)).json();
    expect(answer).toEqual({ path: '/media' });
  });
});
