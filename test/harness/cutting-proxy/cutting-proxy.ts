/**
 * Stands between a browser and its homeserver, on loopback, and does to requests what bad networks and broken servers
 * do. Without a rule it passes everything on as it is.
 */
import { once } from 'node:events';
import {
  createServer,
  request as sendRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { listenOnLoopback } from '../federation/loopback.ts';
import { FaultRules, type Fault, type FaultRule, type SeenRequest } from './faults.ts';
import { onlyBytes } from './only-bytes.ts';
import { slowly } from './slowly.ts';

export interface CuttingProxy {
  readonly url: string;
  /** Every request so far, in order, those that were cut too; no preflights. */
  readonly requests: readonly SeenRequest[];
  /** @returns what takes the rule away again */
  inject(rule: FaultRule): () => void;
  /** Cuts every connection that is open now. */
  cutAll(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const rules = new FaultRules();
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '' };
    // The browser asks beforehand whether it may ask: never what a test is about.
    const isPreflight = seen.method === 'OPTIONS';
    if (!isPreflight) requests.push(seen);
    const fault = isPreflight ? null : rules.strike(seen);
    // Either side may have gone meanwhile; what the other still has to know is that the connection is cut.
    handle({ target, incoming, outgoing }, fault).catch(() => outgoing.destroy());
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    inject: (rule) => rules.add(rule),
    cutAll: () => server.closeAllConnections(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Exchange {
  readonly target: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function handle(exchange: Exchange, fault: Fault | null): Promise<void> {
  const { incoming, outgoing } = exchange;
  switch (fault?.kind) {
    case 'refuse':
      outgoing.destroy();
      return;
    case 'answer':
      await buffer(incoming);
      outgoing.writeHead(fault.status, { 'content-type': fault.type, 'access-control-allow-origin': '*' });
      outgoing.end(fault.body);
      return;
    case 'delay':
      await pause(fault.milliseconds);
      return forward(exchange, null);
    case 'slow':
      await pause(fault.milliseconds);
      return forward(exchange, fault);
    case 'cut-request':
      return cutRequest(exchange, fault.afterBytes);
    default:
      return forward(exchange, fault ?? null);
  }
}

async function cutRequest({ target, incoming, outgoing }: Exchange, afterBytes: number): Promise<void> {
  const request = open(target, incoming);
  // Cutting ends it with an error, which is the point.
  request.on('error', () => undefined);
  await pipeline(incoming, onlyBytes(afterBytes), request, { end: false });
  await new Promise((resolve) => request.write('', resolve));
  request.destroy();
  outgoing.destroy();
}

async function forward({ target, incoming, outgoing }: Exchange, fault: Fault | null): Promise<void> {
  const request = open(target, incoming);
  outgoing.once('close', () => request.destroy());
  const [response] = await Promise.all([responseTo(request), pipeline(incoming, request)]);
  await answer(response, outgoing, fault);
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => request.once('response', resolve).once('error', reject));
}

async function answer(response: IncomingMessage, outgoing: ServerResponse, fault: Fault | null): Promise<void> {
  if (fault?.kind === 'lose-answer') {
    await buffer(response);
    outgoing.destroy();
    return;
  }
  if (fault?.kind === 'rewrite') return rewriteAnswer(response, outgoing, fault.rewrite);
  outgoing.writeHead(response.statusCode ?? 502, response.headers);
  if (fault?.kind === 'cut-response') {
    await pipeline(response, onlyBytes(fault.afterBytes), outgoing, { end: false });
    await new Promise((resolve) => outgoing.write('', resolve));
    outgoing.destroy();
    return;
  }
  if (fault?.kind === 'slow') return pipeline(response, slowly(fault.bytesPerSecond), outgoing);
  await pipeline(response, outgoing);
}

async function rewriteAnswer(
  response: IncomingMessage,
  outgoing: ServerResponse,
  rewrite: (body: string) => string,
): Promise<void> {
  const body = rewrite(await text(response));
  const { 'transfer-encoding': _, 'content-length': __, ...headers } = response.headers;
  outgoing.writeHead(response.statusCode ?? 502, { ...headers, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}

/** Asks for an uncompressed answer, so that bytes are counted and bodies rewritten as they are meant. */
function open(target: string, incoming: IncomingMessage): ClientRequest {
  const { host: _, 'accept-encoding': __, ...headers } = incoming.headers;
  return sendRequest(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers: { ...headers, connection: 'close' },
  });
}
