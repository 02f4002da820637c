/**
 * The request log of a Synapse as evidence of what reached it. Synapse writes one line per request that it has
 * answered (namespace `synapse.access…`), with status, method, address and `User-Agent`.
 */
import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { sendFederationRequest, type FederationTarget } from './federation-client.ts';
import { waitUntil } from '../wait-until.ts';

export interface LoggedRequest {
  /** The authenticated server or user; null if there was none, or authentication failed. */
  readonly requester: string | null;
  readonly status: number;
  readonly method: string;
  readonly uri: string;
  readonly userAgent: string;
}

const accessLineSchema = z.object({ log: z.string(), namespace: z.string().startsWith('synapse.access') });

const processedRequest =
  /- \{(?<requester>[^}]*)\} Processed request: .* \S+B (?<status>\d+)!? "(?<method>[A-Z]+) (?<uri>\S+) [^"]*" "(?<userAgent>[^"]*)"/;

/** Reads one line of the structured log; null if it is not about a request. */
export function parseLoggedRequest(line: string): LoggedRequest | null {
  const entry = accessLineSchema.safeParse(parseJson(line));
  const fields = entry.success ? processedRequest.exec(entry.data.log)?.groups : undefined;
  if (fields === undefined) return null;
  const { requester = '', status = '', method = '', uri = '', userAgent = '' } = fields;
  return { requester: requester === 'None' ? null : requester, status: Number(status), method, uri, userAgent };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The line of one request of a test, found by its mark. Throws if the log doesn't show it within 30 s. */
export function loggedRequest(logPath: string, mark: string): Promise<LoggedRequest> {
  return waitUntil(`the request ${mark} in ${logPath}`, async () =>
    (await answeredRequests(logPath)).find((request) => request.userAgent === mark),
  );
}

/**
 * All requests that a server has answered so far. A sentinel request behind them proves that the log is complete:
 * what is not in the answer did not reach the server before the sentinel.
 */
export function requestsUpToNow(logPath: string, target: FederationTarget): Promise<readonly LoggedRequest[]> {
  return requestsBeforeSentinel(logPath, 0, target);
}

/** All requests that a server answered while `action` ran, with a sentinel as proof. */
export async function requestsDuring(
  logPath: string,
  target: FederationTarget,
  action: () => Promise<unknown>,
): Promise<readonly LoggedRequest[]> {
  const from = (await stat(logPath)).size;
  await action();
  return requestsBeforeSentinel(logPath, from, target);
}

async function requestsBeforeSentinel(
  logPath: string,
  from: number,
  target: FederationTarget,
): Promise<readonly LoggedRequest[]> {
  const sentinel = await sendFederationRequest({ method: 'GET', uri: '/_matrix/federation/v1/version' }, null, target);
  return waitUntil(`the sentinel request in ${logPath}`, async () => {
    const requests = await requestsFrom(logPath, from);
    const end = requests.findIndex((request) => request.userAgent === sentinel.mark);
    return end === -1 ? undefined : requests.slice(0, end);
  });
}

/** Everything that the log has. */
export function answeredRequests(logPath: string): Promise<readonly LoggedRequest[]> {
  return requestsFrom(logPath, 0);
}

async function requestsFrom(logPath: string, offset: number): Promise<readonly LoggedRequest[]> {
  const lines = (await readFrom(logPath, offset)).split('\n');
  return lines.map(parseLoggedRequest).filter((request) => request !== null);
}

async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - offset)), { position: offset });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
