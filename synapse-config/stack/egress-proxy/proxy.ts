/**
 * The only way out for the homeservers of a stack: a CONNECT proxy that maps `name:8448` to the loopback port of
 * that homeserver and refuses whatever it does not know. TLS passes through it end to end. In production an egress
 * gateway stands in its place.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { judge, type Mappings, type Verdict } from './mappings.ts';

/** One line of the proxy's log. */
export interface ConnectRecord {
  readonly time: string;
  /** The homeserver that asked, as it names itself to the proxy; null if it does not. */
  readonly from: string | null;
  /** `name:port`, or the whole URL of a request that is no CONNECT. */
  readonly target: string;
  readonly verdict: Verdict['kind'];
}

export interface EgressProxyParts {
  readonly mappings: Mappings;
  readonly record: (record: ConnectRecord) => void;
  /** Takes over a connection to `name:443`. */
  readonly answerWellKnown: (socket: Duplex) => void;
}

export function createEgressProxy({ mappings, record, answerWellKnown }: EgressProxyParts): Server {
  const log = (request: IncomingMessage, verdict: Verdict['kind']): void => {
    record({ time: new Date().toISOString(), from: callerOf(request), target: request.url ?? '', verdict });
  };
  const server = createServer((request, response) => {
    log(request, 'refused');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket, head) => {
    const verdict = judge(request.url ?? '', mappings);
    log(request, verdict.kind);
    // A caller that hangs up in the middle is no event.
    socket.on('error', () => socket.destroy());
    if (verdict.kind === 'refused') socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    else if (verdict.kind === 'federation') pipeTo(verdict.port, socket, head);
    else accept(socket, head, answerWellKnown);
  });
  return server;
}

function accept(socket: Duplex, head: Buffer, handOver: (socket: Duplex) => void): void {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) socket.unshift(head);
  handOver(socket);
}

function pipeTo(port: number, socket: Duplex, head: Buffer): void {
  const upstream = connect(port, '127.0.0.1');
  let established = false;
  upstream.once('connect', () => {
    established = true;
    accept(socket, head, () => socket.pipe(upstream).pipe(socket));
  });
  upstream.on('error', () => {
    if (established) socket.destroy();
    else socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
  });
  socket.on('close', () => upstream.destroy());
  upstream.on('close', () => socket.destroy());
}

/** Homeservers put their name as the user into the proxy's URL. It identifies for the log and protects nothing. */
function callerOf(request: IncomingMessage): string | null {
  const [scheme, credentials = ''] = (request.headers['proxy-authorization'] ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return null;
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? null;
}
