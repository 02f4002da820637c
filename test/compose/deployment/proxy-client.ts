/**
 * Talks to the published side of a deployment's proxy, with paths exactly as written: no library tidies them up.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type ConnectionOptions } from 'node:tls';
import { text } from 'node:stream/consumers';
import { Agent, buildConnector, fetch as undiciFetch, type Dispatcher } from 'undici';

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
}

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request on a connection of its own. Rejects if the connection fails. */
export function ask(
  address: ProxyAddress,
  { method = 'GET', path, headers, body }: ProxyRequest,
): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { ...tlsOptions(address), method, path, headers: { host: address.serverName, ...headers }, agent: false },
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
  const dial = buildConnector({ ca: readFileSync(address.authorityPath, 'utf8'), timeout: 10_000 });
  const dispatcher: Dispatcher = new Agent({
    connect: (options, callback) => {
      dial(
        { ...options, hostname: address.host, port: String(address.port), servername: address.serverName },
        callback,
      );
    },
  });
  return (input, init) =>
    undiciFetch(input as Parameters<typeof undiciFetch>[0], {
      ...(init as object),
      dispatcher,
    }) as unknown as Promise<Response>;
}
