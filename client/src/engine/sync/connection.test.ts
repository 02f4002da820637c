import { describe, expect, it, vi } from 'vitest';
import {
  HomeserverError,
  UnreachableError,
  type HomeserverApi,
  type RequestOptions,
} from '../matrix/homeserver-api.ts';
import { Connection, type ConnectionHandler } from './connection.ts';

/** A homeserver that answers when the test says so. */
function scriptedServer() {
  const requests: { readonly options: RequestOptions; answer(body: unknown): void; fail(error: Error): void }[] = [];
  const waiting: (() => void)[] = [];
  const api: HomeserverApi = {
    request(_method, _path, options = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const { signal } = options;
      signal?.addEventListener('abort', () => reject(signal.reason));
      requests.push({ options, answer: resolve, fail: reject });
      waiting.shift()?.();
      return promise;
    },
  };
  /** The next request that comes in. */
  async function next() {
    if (requests.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const request = requests.shift();
    if (!request) throw new Error('no request');
    return request;
  }
  return { api, requests, next };
}

function handler(overrides: Partial<ConnectionHandler> = {}): ConnectionHandler {
  return {
    ask: () => ({ body: {}, isWaiting: true }),
    receive: async (body) => String(body),
    restart: async () => undefined,
    onState: () => undefined,
    ...overrides,
  };
}

const posOf = ({ options }: { readonly options: RequestOptions }) => options.query?.['pos'];

describe('Connection', () => {
  it('asks on from the position of the last answer, one request at a time', async () => {
    const { api, requests, next } = scriptedServer();
    const connection = new Connection(api, 'rooms', '1', handler());
    void connection.run();
    const first = await next();
    expect(posOf(first)).toBe('1');
    expect(requests).toHaveLength(0);
    first.answer('2');
    expect(posOf(await next())).toBe('2');
    connection.stop();
  });

  it('asks for the same again when an answer could not be stored', async () => {
    const { api, next } = scriptedServer();
    const receive = vi
      .fn<ConnectionHandler['receive']>()
      .mockRejectedValueOnce(new Error('full'))
      .mockResolvedValue('3');
    const connection = new Connection(api, 'rooms', '1', handler({ receive }));
    void connection.run();
    (await next()).answer('2');
    expect(posOf(await next())).toBe('1');
    connection.stop();
  });

  it('begins anew when the server has forgotten it', async () => {
    const { api, next } = scriptedServer();
    const restart = vi.fn<ConnectionHandler['restart']>(async () => undefined);
    const connection = new Connection(api, 'rooms', '1', handler({ restart }));
    void connection.run();
    (await next()).fail(new HomeserverError(400, 'M_UNKNOWN_POS', null, false));
    expect(posOf(await next())).toBeUndefined();
    expect(restart).toHaveBeenCalledOnce();
    connection.stop();
  });

  it('gives up a request at once when the network is back, and tries anew', async () => {
    const { api, next } = scriptedServer();
    const connection = new Connection(api, 'rooms', '1', handler());
    void connection.run();
    const lost = await next();
    connection.wake();
    expect(lost.options.signal?.aborted).toBe(true);
    expect(posOf(await next())).toBe('1');
    connection.stop();
  });

  it('says that it is offline, and online again', async () => {
    const { api, next } = scriptedServer();
    const onState = vi.fn<ConnectionHandler['onState']>();
    const connection = new Connection(api, 'rooms', null, handler({ onState }));
    void connection.run();
    (await next()).fail(new UnreachableError());
    await vi.waitFor(() => expect(onState).toHaveBeenLastCalledWith(false));
    connection.wake();
    (await next()).answer('1');
    await next();
    expect(onState).toHaveBeenLastCalledWith(true);
    connection.stop();
  });
});
