/**
 * Sends single federation requests, signed by whomever a test says, straight to a homeserver's federation listener.
 */
import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isJsonObject, type JsonObject } from './canonical-json.ts';
import type { Signer } from './event.ts';
import { xMatrixHeader, type FederationRequest } from './request-authentication.ts';

export interface FederationTarget {
  readonly serverName: string;
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** The only authority whose certificates are believed, PEM. */
  readonly caCertificate: string;
  /** What the client shows if the server asks for a certificate, PEM. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
}

export interface FederationAnswer {
  readonly status: number;
  readonly body: JsonObject;
  /** What the request called itself in `User-Agent`; the receiver's log shows it. */
  readonly mark: string;
}

export type UnaddressedRequest = Omit<FederationRequest, 'destination'>;

const answerLimitMs = 30_000;

/**
 * Sends one request and gives the answer, whatever its status.
 * @param origin who signs; null sends no `Authorization`
 * Throws if the server cannot be reached, shows a certificate for another name, or doesn't answer within 30 s.
 */
export function sendFederationRequest(
  request: UnaddressedRequest,
  origin: Signer | null,
  target: FederationTarget,
): Promise<FederationAnswer> {
  const addressed = { ...request, destination: target.serverName };
  return sendWithAuthorization(request, origin && xMatrixHeader(addressed, origin), target);
}

/** The same with an `Authorization` that may belong to another request, or with several. */
export async function sendWithAuthorization(
  request: UnaddressedRequest,
  authorization: string | readonly string[] | null,
  target: FederationTarget,
): Promise<FederationAnswer> {
  const mark = `landbote-test/${randomUUID()}`;
  const headers = {
    ...(authorization !== null && { Authorization: [authorization].flat() }),
    'User-Agent': mark,
    Host: target.serverName,
  };
  return { ...(await exchange(request, headers, target)), mark };
}

function exchange(
  request: UnaddressedRequest,
  headers: OutgoingHttpHeaders,
  target: FederationTarget,
): Promise<{ status: number; body: JsonObject }> {
  const payload = request.content === undefined ? null : JSON.stringify(request.content);
  const payloadHeaders = payload === null ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(new URL(request.uri, target.url), {
      method: request.method,
      path: request.uri,
      headers: { ...headers, ...payloadHeaders },
      ca: target.caCertificate,
      servername: target.serverName,
      cert: target.clientCertificate?.certificate,
      key: target.clientCertificate?.key,
      agent: false,
      signal: AbortSignal.timeout(answerLimitMs),
    });
    outgoing.on('error', (error) =>
      reject(new Error(`${request.method} ${request.uri} to ${target.serverName}: ${error.message}`, { cause: error })),
    );
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parseBody(Buffer.concat(chunks)) }));
    });
    outgoing.end(payload ?? undefined);
  });
}

/** An answer that is no JSON object (`""` for an unknown event) counts as an empty one. */
function parseBody(bytes: Buffer): JsonObject {
  try {
    const parsed: unknown = JSON.parse(bytes.toString());
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
