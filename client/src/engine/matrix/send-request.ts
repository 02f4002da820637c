/** One request to a homeserver, without a session: URL, deadline, and what an answer that is none counts as. */
import { z } from 'zod';
import { HomeserverError, UnreachableError, type RequestOptions } from './homeserver-api.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const defaultDeadlineMs = 30_000;
const defaultRetryAfterMs = 5_000;

/** Client-server API, "Standard error response". */
const errorSchema = z.object({
  errcode: z.string(),
  retry_after_ms: z.number().nonnegative().optional().catch(undefined),
  soft_logout: z.boolean().optional().catch(undefined),
});

/** @throws HomeserverError, UnreachableError; the signal's reason if the caller gave up. */
export async function sendRequest(
  homeserverUrl: string,
  accessToken: string | null,
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<unknown> {
  const response = await fetchAnswer(urlOf(homeserverUrl, path, options.query), method, accessToken, options);
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw errorOf(response, body);
}

function urlOf(homeserverUrl: string, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(path, homeserverUrl);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

async function fetchAnswer(
  url: URL,
  method: Method,
  accessToken: string | null,
  { body, signal, deadlineMs = defaultDeadlineMs }: RequestOptions,
): Promise<Response> {
  const headers = new Headers();
  if (accessToken !== null) headers.set('Authorization', `Bearer ${accessToken}`);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      // The token belongs to this origin; a redirect must never carry it elsewhere.
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new UnreachableError('no answer', { cause: error });
  }
}

/** What is no JSON of a homeserver comes from something in between: a proxy's page, a cut connection. */
export function errorOf(response: Response, body: unknown): Error {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return new UnreachableError(`answered ${response.status} without a Matrix body`);
  const { errcode, retry_after_ms: retryAfterMs, soft_logout: isSoftLogout } = parsed.data;
  const waits = response.status === 429 ? (retryAfterMs ?? retryAfterHeaderMs(response)) : null;
  return new HomeserverError(response.status, errcode, waits, isSoftLogout ?? false);
}

function retryAfterHeaderMs(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After'));
  return seconds > 0 ? seconds * 1000 : defaultRetryAfterMs;
}
