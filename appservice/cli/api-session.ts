/** A person's session at the appservice, opened for one call and ended after it. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openIdTokenSchema, sessionSchema } from '#contract/api.ts';
import { problemSchema } from '#contract/problem.ts';
import type { Call } from './arguments.ts';
import { problemInWords } from './problem-in-words.ts';

/** A server said no; the message says why and what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiSession {
  /** The answer to a request below `/api/v1`. Throws a RefusedError unless it is 2xx. */
  send(path: string, request?: ApiRequest): Promise<Response>;
  read<Schema extends z.ZodType>(path: string, schema: Schema, request?: ApiRequest): Promise<z.output<Schema>>;
  end(): Promise<void>;
}

const loginSchema = z.object({ access_token: z.string(), user_id: z.string() });

/** Signs in at the homeserver, which vouches for the person at the appservice, and signs out there at once. */
export async function signIn({ user, homeserverUrl, apiUrl }: Call, password: string): Promise<ApiSession> {
  const login = await askHomeserver(homeserverUrl, '/_matrix/client/v3/login', loginSchema, {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user },
    password,
    initial_device_display_name: 'Landbote-Verwaltung',
  });
  const path = `/_matrix/client/v3/user/${encodeURIComponent(login.user_id)}/openid/request_token`;
  const openId = await askHomeserver(homeserverUrl, path, openIdTokenSchema, {}, login.access_token);
  const opened = await fetch(new URL('/api/v1/session', apiUrl), jsonOf('POST', openId));
  await askHomeserver(homeserverUrl, '/_matrix/client/v3/logout', z.unknown(), {}, login.access_token);
  const { token } = sessionSchema.parse(await (await requireOk(opened)).json());
  return sessionOf(apiUrl, token);
}

function sessionOf(apiUrl: string, token: string): ApiSession {
  const authorization = { Authorization: `Bearer ${token}` };
  async function send(path: string, { method = 'GET', body, headers = {} }: ApiRequest = {}): Promise<Response> {
    const request = jsonOf(method, body, { ...headers, ...authorization });
    return requireOk(await fetch(new URL(`/api/v1${path}`, apiUrl), request));
  }
  return {
    send,
    read: async (path, schema, request) => schema.parse(await (await send(path, request)).json()),
    async end() {
      await fetch(new URL('/api/v1/session', apiUrl), { method: 'DELETE', headers: authorization });
    },
  };
}

function jsonOf(method: string, body: unknown, headers: Record<string, string> = {}): RequestInit {
  if (body === undefined) return { method, headers };
  return { method, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** A homeserver lets one account sign in ten times in a row and then every ten seconds. */
const longestWaitMs = 60_000;
const limitSchema = z.object({ retry_after_ms: z.number().positive() });

/** Asks again when the homeserver has asked for patience; says so, since nothing seems to happen meanwhile. */
async function askPatiently(url: URL, request: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, request);
    if (response.status !== 429) return response;
    const wait = limitSchema.safeParse(
      await response
        .clone()
        .json()
        .catch(() => null),
    ).data?.retry_after_ms;
    if (wait === undefined || wait > longestWaitMs) return response;
    console.error(`Der Matrix-Server bittet um Geduld: weiter in ${Math.ceil(wait / 1_000)} s.`);
    await pause(wait);
  }
}

async function askHomeserver<Schema extends z.ZodType>(
  base: string,
  path: string,
  schema: Schema,
  body: unknown,
  token?: string,
): Promise<z.output<Schema>> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const response = await askPatiently(new URL(path, base), jsonOf('POST', body, headers));
  if (response.status === 403) throw new RefusedError('Benutzer-ID oder Passwort stimmt nicht.');
  if (!response.ok) throw new RefusedError(`Der Matrix-Server hat mit ${response.status} geantwortet.`);
  return schema.parse(await response.json());
}

async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const problem = problemSchema.safeParse(await response.json().catch(() => null));
  if (!problem.success) throw new RefusedError(`Der Landbote-Server hat mit ${response.status} geantwortet.`);
  throw new RefusedError(problemInWords(problem.data));
}
