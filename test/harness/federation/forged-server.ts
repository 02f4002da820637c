/**
 * A homeserver that belongs to nobody, or that pretends to be another one: it publishes its signing key, answers
 * what other servers must be answered, and keeps every request that reached it.
 */
import { createServer, type Server } from 'node:https';
import type { SecureVersion } from 'node:tls';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isJsonObject, type JsonObject } from './canonical-json.ts';
import { signEvent, type Signer } from './event.ts';
import { listenOnLoopback } from './loopback.ts';
import { claimedOrigin } from './request-authentication.ts';
import { publicKeyOf, signJson } from './signing-key.ts';

interface ReceivedRequest {
  /** The server that the request says it comes from; null without an `Authorization`. */
  readonly origin: string | null;
  readonly method: string;
  readonly uri: string;
  readonly body: JsonObject;
  /** When it had been read, as `performance.now()` counts. */
  readonly arrivedAt: number;
}

export interface ForgedServer {
  readonly signer: Signer;
  readonly port: number;
  /** Everything that arrived so far, in order. */
  readonly received: readonly ReceivedRequest[];
  /** What it hands over from now on to whoever misses events of a room. */
  offerMissing(pdus: readonly JsonObject[]): void;
  close(): Promise<void>;
}

export interface TlsFiles {
  /** PEM; names the server. */
  readonly certificate: string;
  readonly privateKey: string;
  /** The newest version of TLS that it speaks, if not all. */
  readonly maxVersion?: SecureVersion;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

const dayMs = 86_400_000;

/** Listens on a free loopback port. */
export async function startForgedServer(signer: Signer, tls: TlsFiles): Promise<ForgedServer> {
  const received: ReceivedRequest[] = [];
  let missing: readonly JsonObject[] = [];
  const options = { cert: tls.certificate, key: tls.privateKey, maxVersion: tls.maxVersion };
  const server = createServer(options, (request, response) => {
    void receive(request, received).then((read) => sendAnswer(response, answerTo(read, signer, missing)));
  });
  const port = await listenOnLoopback(server);
  return {
    signer,
    port,
    received,
    offerMissing(pdus) {
      missing = pdus;
    },
    close: () => close(server),
  };
}

async function receive(request: IncomingMessage, received: ReceivedRequest[]): Promise<ReceivedRequest> {
  const text = (await buffer(request)).toString();
  const read = {
    origin: claimedOrigin(request.headers.authorization),
    method: request.method ?? '',
    uri: request.url ?? '',
    body: parseObject(text),
    arrivedAt: performance.now(),
  };
  received.push(read);
  return read;
}

function parseObject(text: string): JsonObject {
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return isJsonObject(parsed) ? parsed : {};
}

function answerTo(request: ReceivedRequest, signer: Signer, missing: readonly JsonObject[]): Answer {
  if (request.uri.startsWith('/_matrix/key/v2/server')) return { status: 200, body: serverKeys(signer) };
  if (request.uri.startsWith('/_matrix/federation/v1/send/')) return { status: 200, body: { pdus: {} } };
  if (request.uri.startsWith('/_matrix/federation/v1/get_missing_events/')) {
    return { status: 200, body: { events: [...missing] } };
  }
  if (request.uri.startsWith('/_matrix/federation/v2/invite/')) return acceptInvitation(request, signer);
  return { status: 404, body: { errcode: 'M_UNRECOGNIZED', error: 'A forged server knows no more than it needs' } };
}

/** Matrix specification, server-server API, "Publishing Keys". */
function serverKeys({ serverName, key }: Signer): JsonObject {
  const keys = {
    server_name: serverName,
    verify_keys: { [key.id]: { key: publicKeyOf(key) } },
    old_verify_keys: {},
    valid_until_ts: Date.now() + dayMs,
  };
  return signJson(keys, serverName, key);
}

/** An invited server signs the invitation and gives it back. */
function acceptInvitation({ body }: ReceivedRequest, signer: Signer): Answer {
  const event = isJsonObject(body['event']) ? body['event'] : {};
  return { status: 200, body: { event: signEvent(event, signer).pdu } };
}

function sendAnswer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
