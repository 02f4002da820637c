import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { HomeserverError, UnreachableError } from '../../../client/src/engine/matrix/homeserver-api.ts';
import { parseMxc } from '../../../client/src/engine/matrix/mxc.ts';
import { sendRequest } from '../../../client/src/engine/matrix/send-request.ts';
import { mediaApi, type MediaApi } from '../../../client/src/engine/media/media-api.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server | null = null;
let current = 'first';

/** A server that answers this way, and the API of somebody whose token it may renew once. */
async function withServer(answer: Answer): Promise<MediaApi> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const homeserverUrl = `http://127.0.0.1:${address.port}`;
  current = 'first';
  const tokens = {
    get current() {
      return current;
    },
    renew() {
      current = 'second';
      return Promise.resolve(true);
    },
  };
  const request = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string): Promise<unknown> =>
    sendRequest(homeserverUrl, current, method, path);
  return mediaApi({ homeserverUrl, tokens }, { request });
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

const bytes = new Uint8Array(100_000);
const mxc = parseMxc('mxc://land.hessen.test/Photo');
if (!mxc) throw new Error('no address');

const upload = (api: MediaApi, signal = new AbortController().signal) =>
  api.upload(bytes, { onProgress: () => undefined, signal });

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers once everything has arrived. */
const afterBody =
  (answer: Answer): Answer =>
  (request, response) => {
    request.resume().on('end', () => answer(request, response));
  };

describe('mediaApi', () => {
  it('goes on with a new token when the old one has run out', async () => {
    const seen: (string | undefined)[] = [];
    const api = await withServer(
      afterBody(({ headers }, response) => {
        seen.push(headers.authorization);
        if (seen.length === 1) return json(response, 401, { errcode: 'M_UNKNOWN_TOKEN', soft_logout: true });
        json(response, 200, { content_uri: 'mxc://land.hessen.test/New' });
      }),
    );
    expect(await upload(api)).toEqual({ serverName: 'land.hessen.test', mediaId: 'New' });
    expect(seen).toEqual(['Bearer first', 'Bearer second']);
  });

  it('takes a cut connection for something to try again', async () => {
    const cut = await withServer((request) => void request.once('data', () => request.socket.destroy()));
    await expect(upload(cut)).rejects.toThrow(UnreachableError);
  });

  it.each([
    ['a page of a proxy', '<html>502</html>', 502, UnreachableError],
    ['a page that claims success', '<html>ok</html>', 200, UnreachableError],
    ['an address that is none', '{"content_uri":"mxc://../../x"}', 200, UnreachableError],
    ['a limit of a proxy', '<html>413</html>', 413, HomeserverError],
  ])('does not take %s for an upload', async (_name, body, status, expected) => {
    const api = await withServer(afterBody((_request, response) => void response.writeHead(status).end(body)));
    await expect(upload(api)).rejects.toThrow(expected);
  });

  it('ends an upload that is cancelled', async () => {
    const cancel = new AbortController();
    const api = await withServer((request) => void request.once('data', () => cancel.abort(new Error('cancelled'))));
    await expect(upload(api, cancel.signal)).rejects.toThrow('cancelled');
  });

  it('follows no redirect with a token', async () => {
    const paths: (string | undefined)[] = [];
    const api = await withServer(({ url }, response) => {
      paths.push(url);
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    await expect(api.download(mxc)).rejects.toThrow(UnreachableError);
    expect(paths).toEqual(['/_matrix/client/v1/media/download/land.hessen.test/Photo']);
  });

  it('takes a download that breaks off for something to try again', async () => {
    const api = await withServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' }).write('half');
      response.socket?.end();
    });
    await expect(api.download(mxc)).rejects.toThrow(UnreachableError);
  });

  it.each([
    [{ 'm.upload.size': 50 }, 50],
    [{}, Infinity],
    [{ 'm.upload.size': 'much' }, Infinity],
  ])('reads the limit for uploads from %j', async (config, expected) => {
    const api = await withServer((_request, response) => json(response, 200, config));
    expect(await api.uploadBytesMax()).toBe(expected);
  });
});
