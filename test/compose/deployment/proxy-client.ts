/**
 * Talks to the published side of a deployment's proxy, with paths exactly as written: no library tidies them up.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type ConnectionOptions } from 'node:tls';
import { text } from 'node:stream/consumers';

export interface ProxyAddress {
  /** Where the proxy really is. */
  readonly host: string;
  readonly port: number;
  /** The name that the caller believes to talk to. */
  readonly serverName: string;
  /** PEM file of the authority that vouches for it. */
  readonly authorityPath: string;
}

export interface ProxyRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request on a connection of its own. Rejects if the connection fails. */
export function ask(address: ProxyAddress, { body, headers, ...options }: ProxyRequest): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { ...tlsOptions(address), ...options, headers: { host: address.serverName, ...headers }, agent: false },
      (response) => {
        const { statusCode: status = 0, headers } = response;
        text(response).then((answer) => resolve({ status, headers, body: answer }), reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The TLS version that a handshake ends in. Rejects if there is no agreement. */
export function handshake(address: ProxyAddress, options: ConnectionOptions = {}): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...tlsOptions(address), ...options }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function tlsOptions({ host, port, serverName, authorityPath }: ProxyAddress): ConnectionOptions & { port: number } {
  return { host, port, servername: serverName, ca: readFileSync(authorityPath) };
}

/** A `fetch` for which `https://<serverName>` is the proxy, as name service and published port would make it. */
export function fetchThrough(address: ProxyAddress): typeof globalThis.fetch {
  return async (input, init) => {
    const { method, url, headers, signal, ...request } = await readRequest(new Request(input, init));
    const { pathname, search } = new URL(url);
    const answer = await ask(address, { method, path: `${pathname}${search}`, headers, signal, ...request });
    const contentType = String(answer.headers['content-type']);
    return new Response(answer.body, { status: answer.status, headers: { 'content-type': contentType } });
  };
}

interface ReadRequest {
  readonly method: string;
  readonly url: string;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function readRequest(request: Request): Promise<ReadRequest> {
  const { method, url, signal } = request;
  const body = await request.text();
  const headers = Object.fromEntries(request.headers);
  return { method, url, signal, headers, ...(body === '' ? {} : { body }) };
}
