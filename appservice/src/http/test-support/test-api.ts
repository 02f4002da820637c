import { pino } from 'pino';
import { z } from 'zod';
import { roomIdSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { problemSchema, type Problem } from '#contract/problem.ts';
import { buildPeopleDirectory } from '#appservice/people/people-directory.ts';
import { createApi } from '../api/create-api.ts';
import type { ApiDependencies } from '../api/dependencies.ts';
import { listen } from './listen.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { jana, organisation, serverName } from '#appservice/people/test-organisation.ts';

export const clientOrigin = 'http://localhost:4810';

const idleRunDesk: ApiDependencies['runs'] = {
  list: async () => [],
  report: async () => null,
  watch: async () => null,
  cancel: async () => false,
  resume: async () => false,
  drift: async () => ({ differences: [] }),
  repairReported: async () => undefined,
};

/** A real API on a real database; the homeserver knows the OpenID token `token of <user id>` of everybody. */
export async function startTestApi(changes: Partial<ApiDependencies> = {}) {
  const clock = { now: 1_000_000 };
  const people = buildPeopleDirectory(organisation);
  const dependencies: ApiDependencies = {
    serverName,
    clientOrigins: [clientOrigin],
    database: await openTestDatabase(),
    organisation: () => organisation,
    people: () => people,
    openId: { userOfOpenIdToken: async (token) => userIdSchema.safeParse(token.replace('token of ', '')).data ?? null },
    conversations: {
      start: async () => ({ isStarted: true, conversation: { roomId: roomIdSchema.parse('!new'), created: true } }),
    },
    plans: { list: async () => [], read: async () => null, approve: async () => 'plan.unknown' },
    runs: idleRunDesk,
    progress: () => ({ state: 'ready', done: 3, total: 3 }),
    logger: pino({ level: 'silent' }),
    now: () => clock.now,
    ...changes,
  };
  return { url: await listen(createApi(dependencies)), clock, database: dependencies.database };
}

export function openIdBody(userId: string, issuer: string = serverName): string {
  return JSON.stringify({ access_token: `token of ${userId}`, matrix_server_name: issuer });
}

export const jsonHeaders = { 'Content-Type': 'application/json' };

/** Signs in and answers the headers that carry the session. */
export async function signIn(url: string, userId: UserId = jana): Promise<Record<string, string>> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: jsonHeaders,
    body: openIdBody(userId),
  });
  const { token } = z.object({ token: z.string() }).parse(await response.json());
  return { ...jsonHeaders, Authorization: `Bearer ${token}` };
}

/** The problem detail of a refused request, with its status checked against the answer's. */
export async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
    throw new Error(`expected a problem detail, got ${response.status} ${await response.text()}`);
  }
  const problem = problemSchema.parse(await response.json());
  if (problem.status !== response.status)
    throw new Error(`status ${response.status}, but in the body ${problem.status}`);
  return problem;
}
