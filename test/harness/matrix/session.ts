/**
 * A person's session at a homeserver, over the bare client-server API: what a test needs of a client, without an SDK
 * between the test and the homeserver's answer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { userIdSchema, type UserId } from '#contract/ids.ts';

export interface ClientAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface MatrixSession {
  readonly userId: UserId;
  readonly accessToken: string;
  /**
   * Sends one request and gives the answer, whatever its status.
   * @param path below `/_matrix/client`, such as `/v3/sync`
   */
  request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<ClientAnswer>;
}

const answerLimitMs = 60_000;

const limitedSchema = z.object({ retry_after_ms: z.number() });
const loginAnswerSchema = z.object({ user_id: userIdSchema, access_token: z.string() });

/**
 * Signs in with a password, and waits where the homeserver asks for patience: tests sign in more often than people.
 * Throws if the homeserver refuses.
 */
export async function signIn(clientApiUrl: string, userId: string, password: string): Promise<MatrixSession> {
  const identifier = { type: 'm.id.user', user: userId };
  const { status, body } = await send(clientApiUrl, null, 'POST', '/v3/login', {
    type: 'm.login.password',
    identifier,
    password,
  });
  if (status === 429) {
    await pause(limitedSchema.parse(body).retry_after_ms);
    return signIn(clientApiUrl, userId, password);
  }
  if (status !== 200) throw new Error(`${userId} cannot sign in: ${status} ${JSON.stringify(body)}`);
  const login = loginAnswerSchema.parse(body);
  return sessionOf(clientApiUrl, login.user_id, login.access_token);
}

export async function signOut(session: MatrixSession): Promise<void> {
  const { status, body } = await session.request('POST', '/v3/logout', {});
  if (status !== 200) throw new Error(`${session.userId} cannot sign out: ${status} ${JSON.stringify(body)}`);
}

/** A session that is there already: a person's, or the one of an appservice. */
export function sessionOf(clientApiUrl: string, userId: UserId, accessToken: string): MatrixSession {
  return {
    userId,
    accessToken,
    request: (method, path, body) => send(clientApiUrl, accessToken, method, path, body),
  };
}

async function send(
  clientApiUrl: string,
  accessToken: string | null,
  method: string,
  path: string,
  body: unknown,
): Promise<ClientAnswer> {
  const response = await fetch(new URL(`/_matrix/client${path}`, clientApiUrl), {
    method,
    headers: {
      ...(accessToken !== null && { Authorization: `Bearer ${accessToken}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(answerLimitMs),
  });
  return { status: response.status, body: await response.json() };
}
