/**
 * The appservice's API as a signed-in person's client uses it: session by a Matrix OpenID token.
 */
import { z } from 'zod';
import { sessionSchema, type Session } from '#contract/api.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import type { ClientAnswer, MatrixSession } from '#test/harness/matrix/session.ts';

export interface ApiSession {
  readonly session: Session;
  /** Sends one request below `/api/v1` and gives the answer, whatever its status. */
  request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<ClientAnswer>;
}

const openIdTokenAnswer = z.object({ access_token: z.string(), matrix_server_name: z.string() });

/** What the person's homeserver gives to prove who they are (client-server API, "OpenID"). */
export async function requestOpenIdToken(matrix: MatrixSession): Promise<z.infer<typeof openIdTokenAnswer>> {
  const path = `/v3/user/${encodeURIComponent(matrix.userId)}/openid/request_token`;
  return openIdTokenAnswer.parse(accepted(await matrix.request('POST', path, {})));
}

/** Opens a session at the appservice. Throws if it refuses. */
export async function signInToApi(appserviceUrl: string, matrix: MatrixSession): Promise<ApiSession> {
  const { status, body } = await askApi(appserviceUrl, null, 'POST', '/session', await requestOpenIdToken(matrix));
  if (status !== 201) throw new Error(`the appservice answered ${status} ${JSON.stringify(body)}`);
  const session = sessionSchema.parse(body);
  return {
    session,
    request: (method, path, content) => askApi(appserviceUrl, session.token, method, path, content),
  };
}

/** One request below `/api/v1`. An answer without a body counts as null. */
export async function askApi(
  appserviceUrl: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<ClientAnswer> {
  const response = await fetch(new URL(`/api/v1${path}`, appserviceUrl), {
    method,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
