import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('Connection after an outage', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A connection whose every request of the next `milliseconds` fails. @returns when they were made, in order. */
  async function failFor(milliseconds: number, isWatched: boolean, error: Error = new UnreachableError()) {
    const askedAt: number[] = [];
    const begun = Date.now();
    const server = scriptedServer();
    const api: HomeserverApi = {
      request(...args) {
        askedAt.push(Date.now() - begun);
        return Date.now() - begun < milliseconds ? Promise.reject(error) : server.api.request(...args);
      },
    };
    const connection = new Connection(api, 'rooms', '1', handler(), () => isWatched);
    void connection.run();
    await vi.advanceTimersByTimeAsync(milliseconds);
    return { connection, server, askedAt };
  }

  const pauses = (askedAt: readonly number[]) => askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));

  it('tries every few seconds while somebody looks, and seldom while nobody does', async () => {
    const watched = await failFor(600_000, true);
    expect(Math.max(...pauses(watched.askedAt))).toBeLessThanOrEqual(8_000);
    expect(watched.askedAt.length).toBeLessThan(600_000 / 4_000 + 10);
    watched.connection.stop();
    const unwatched = await failFor(600_000, false);
    expect(unwatched.askedAt.length).toBeLessThan(600_000 / 30_000 + 10);
    unwatched.connection.stop();
  });

  it('lets the server answer at once, not when there is news', async () => {
    const { connection, server } = await failFor(20_000, true);
    await vi.advanceTimersByTimeAsync(8_000);
    const first = await server.next();
    expect(first.options.query?.['timeout']).toBe('0');
    first.answer('2');
    expect((await server.next()).options.query?.['timeout']).toBe('30000');
    connection.stop();
  });

  it('tries at once when somebody looks or writes', async () => {
    const { connection, server, askedAt } = await failFor(60_000, false);
    const before = askedAt.length;
    connection.hurry();
    await server.next();
    expect(askedAt).toHaveLength(before + 1);
    connection.stop();
  });

  it('keeps to the pause that the server has asked for, whoever looks', async () => {
    const limited = new HomeserverError(429, 'M_LIMIT_EXCEEDED', 20_000, false);
    const { connection, askedAt } = await failFor(10_000, true, limited);
    for (let second = 0; second < 9; second += 1) {
      connection.hurry();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(askedAt).toHaveLength(1);
    connection.stop();
  });

  it('leaves a request alone that the server may still answer, but not one from before the device slept', async () => {
    const { api, next } = scriptedServer();
    const connection = new Connection(api, 'rooms', '1', handler());
    void connection.run();
    const waiting = await next();
    connection.hurry();
    expect(waiting.options.signal?.aborted).toBe(false);
    vi.setSystemTime(Date.now() + 3_600_000);
    connection.hurry();
    expect(waiting.options.signal?.aborted).toBe(true);
    connection.stop();
  });
});
