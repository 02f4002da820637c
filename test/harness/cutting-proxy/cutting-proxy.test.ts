import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../federation/loopback.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';
import { badGateway, limited, serverFault, type Fault } from './faults.ts';

const answerBody = JSON.stringify({ words: 'a'.repeat(200_000) });

let homeserver: Server;
/** Bodies of the requests that the homeserver has read to their end. */
let completed: string[];
/** Requests of which the homeserver has seen at least the head. */
let begun: number;
let proxy: CuttingProxy;

beforeEach(async () => {
  completed = [];
  begun = 0;
  homeserver = createServer((request, response) => {
    begun += 1;
    const received: Buffer[] = [];
    request.on('data', (chunk: Buffer) => received.push(chunk));
    // Comes only if the request was whole.
    request.on('end', () => {
      completed.push(Buffer.concat(received).toString());
      response.setHeader('content-type', 'application/json').end(answerBody);
    });
  });
  proxy = await startCuttingProxy(`http://127.0.0.1:${await listenOnLoopback(homeserver)}`);
});

afterEach(async () => {
  await proxy.close();
  homeserver.closeAllConnections();
  homeserver.close();
});

function send(body = 'Guten Tag'): Promise<Response> {
  return fetch(`${proxy.url}/send?a=1`, { method: 'PUT', body, headers: { authorization: 'Bearer secret' } });
}

function injectOnce(fault: Fault): void {
  proxy.inject({ fault, matches: ({ path }) => path.startsWith('/send'), times: 1 });
}

describe('the cutting proxy', () => {
  it('passes on what no rule strikes, and records it without the token', async () => {
    expect(await (await send()).text()).toBe(answerBody);
    expect(completed).toEqual(['Guten Tag']);
    expect(proxy.requests).toEqual([{ method: 'PUT', path: '/send?a=1' }]);
  });

  it.each<[string, Fault]>([
    ['in the middle of the request', { kind: 'cut-request', afterBytes: 4 }],
    ['before anything is sent', { kind: 'refuse' }],
  ])('cuts %s: the homeserver gets nothing whole', async (_where, fault) => {
    injectOnce(fault);
    await expect(send()).rejects.toThrow('fetch failed');
    expect(completed).toEqual([]);
    expect(begun).toBe(fault.kind === 'refuse' ? 0 : 1);
  });

  it('loses the answer only after the homeserver has done its work', async () => {
    injectOnce({ kind: 'lose-answer' });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(completed).toEqual(['Guten Tag']);
  });

  it('cuts the answer after so many bytes', async () => {
    injectOnce({ kind: 'cut-response', afterBytes: 70_000 });
    const { body } = await send();
    let received = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of body ?? []) received += chunk.length;
    };
    await expect(read()).rejects.toThrow();
    expect(received).toBe(70_000);
  });

  it.each([
    [502, badGateway, 'Bad Gateway'],
    [500, serverFault, 'M_UNKNOWN'],
    [429, limited(1500), '"retry_after_ms":1500'],
  ])('answers %i in place of the homeserver', async (status, fault, words) => {
    injectOnce(fault);
    const response = await send();
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
    expect(begun).toBe(0);
  });

  it('rewrites an answer, whose length fits', async () => {
    injectOnce({ kind: 'rewrite', rewrite: (body) => body.replace('words', 'wörter') });
    expect(await (await send()).json()).toHaveProperty('wörter');
  });

  it('holds a request back for so long', async () => {
    injectOnce({ kind: 'delay', milliseconds: 150 });
    const sentAt = performance.now();
    await send();
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(149);
  });

  it('lets an answer through no faster than told', async () => {
    injectOnce({ kind: 'slow', milliseconds: 100, bytesPerSecond: 1_000_000 });
    const sentAt = performance.now();
    expect(await (await send()).text()).toBe(answerBody);
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(299);
  });

  it('strikes as often as told, and no longer than told', async () => {
    injectOnce(serverFault);
    expect([(await send()).status, (await send()).status]).toEqual([500, 200]);
    const lift = proxy.inject({ fault: serverFault, matches: () => true });
    expect([(await send()).status, (await send()).status]).toEqual([500, 500]);
    lift();
    expect((await send()).status).toBe(200);
  });

  it('lets preflights through', async () => {
    proxy.inject({ fault: serverFault, matches: () => true });
    expect((await fetch(proxy.url, { method: 'OPTIONS' })).status).toBe(200);
    expect(proxy.requests).toEqual([]);
  });
});
