/** The appservice's API. Signs in by itself with an OpenID token of the person's homeserver. */
import {
  conversationSchema,
  domainSchema,
  peopleSchema,
  sessionSchema,
  type Conversation,
  type Domain,
  type NewConversation,
  type People,
  type Session,
} from '#contract/api.ts';
import { alertReceiptsSchema, type AlertReceipt, type RecordedReceipt } from '#contract/alert-receipts.ts';
import { problemSchema } from '#contract/problem.ts';
import type { z } from 'zod';
import { FailureError } from '../failures.ts';

const deadlineMs = 15_000;
const defaultRetryAfterMs = 5_000;

export interface OpenIdToken {
  readonly access_token: string;
  readonly matrix_server_name: string;
}

export interface AppserviceApi {
  session(): Promise<Session>;
  domain(): Promise<Domain>;
  searchPeople(query: string, limit: number): Promise<People>;
  lookUpPeople(userIds: readonly string[]): Promise<People>;
  startConversation(conversation: NewConversation): Promise<Conversation>;
  /** Keeping the same once more is harmless. */
  sendAlertReceipt(roomId: string, eventId: string, receipt: AlertReceipt): Promise<void>;
  /** Of an alert of one's own everybody's, else one's own. */
  alertReceipts(roomId: string, eventId: string): Promise<readonly RecordedReceipt[]>;
  endSession(): Promise<void>;
}

type Body = object | undefined;

export function appserviceApi(baseUrl: string, requestOpenIdToken: () => Promise<OpenIdToken>): AppserviceApi {
  let current: Promise<Session> | null = null;

  async function signIn(): Promise<Session> {
    const { access_token, matrix_server_name } = await requestOpenIdToken();
    const response = await send(baseUrl, 'POST', '/api/v1/session', null, { access_token, matrix_server_name });
    return read(response, sessionSchema);
  }

  function session(): Promise<Session> {
    current ??= signIn().catch((error: unknown) => {
      current = null;
      throw error;
    });
    return current;
  }

  /** An expired session is renewed once; a second refusal is a failure. */
  async function authorised(method: string, path: string, body?: Body): Promise<Response> {
    const response = await send(baseUrl, method, path, (await session()).token, body);
    if (response.status !== 401) return response;
    current = null;
    return send(baseUrl, method, path, (await session()).token, body);
  }

  return {
    session,
    domain: async () => read(await authorised('GET', '/api/v1/domain'), domainSchema),
    searchPeople: async (query, limit) => {
      const search = new URLSearchParams({ query, limit: String(limit) });
      return read(await authorised('GET', `/api/v1/people?${search}`), peopleSchema);
    },
    lookUpPeople: async (userIds) => read(await authorised('POST', '/api/v1/people/lookup', { userIds }), peopleSchema),
    startConversation: async (conversation) =>
      read(await authorised('POST', '/api/v1/conversations', conversation), conversationSchema),
    sendAlertReceipt: async (roomId, eventId, receipt) => {
      const response = await authorised('POST', receiptsPath(roomId, eventId), receipt);
      if (!response.ok) throw await failureOf(response);
    },
    alertReceipts: async (roomId, eventId) =>
      (await read(await authorised('GET', receiptsPath(roomId, eventId)), alertReceiptsSchema)).receipts,
    endSession: async () => {
      if (current) await send(baseUrl, 'DELETE', '/api/v1/session', (await current).token, undefined);
      current = null;
    },
  };
}

function send(baseUrl: string, method: string, path: string, token: string | null, body: Body): Promise<Response> {
  const headers = new Headers();
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  return fetch(new URL(path, baseUrl), {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    // The token belongs to this origin; a redirect must never carry it elsewhere.
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(deadlineMs),
  });
}

function receiptsPath(roomId: string, eventId: string): string {
  return `/api/v1/alerts/${encodeURIComponent(roomId)}/${encodeURIComponent(eventId)}/receipts`;
}

async function read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  if (!response.ok) throw await failureOf(response);
  return schema.parse(await response.json());
}

async function failureOf(response: Response): Promise<FailureError> {
  const problem = problemSchema.safeParse(await response.json().catch(() => null));
  if (response.status === 429) {
    const seconds = Number(response.headers.get('Retry-After'));
    return new FailureError({ kind: 'rate-limited', retryAfterMs: seconds > 0 ? seconds * 1000 : defaultRetryAfterMs });
  }
  if (response.status === 403) return new FailureError({ kind: 'refused' });
  if (response.status >= 500) return new FailureError({ kind: 'unreachable' });
  return new FailureError({
    kind: 'unexpected',
    reference: problem.success ? problem.data.instance : String(response.status),
  });
}
