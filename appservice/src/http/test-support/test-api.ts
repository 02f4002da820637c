import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { z } from 'zod';
import { roomIdSchema, userIdSchema, type UserId } from '#contract/ids.ts';
import { problemSchema, type Problem } from '#contract/problem.ts';
import { buildPeopleDirectory } from '#appservice/people/people-directory.ts';
import { receiveDeclaration } from '#appservice/apply/revisions.ts';
import { createAuditDesk } from '#appservice/audit/audit-desk.ts';
import { readAuditKey } from '#appservice/audit/checkpoint.ts';
import { createRevisionDesk } from '#appservice/authority/revision-desk.ts';
import { createDraftDesk } from '#appservice/dump/draft-desk.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';
import { createEd25519Key } from '../../../../synapse-config/homeserver/ed25519-key.ts';
import { createApi } from '../api/create-api.ts';
import type { ApiDependencies } from '../api/dependencies.ts';
import { listen } from './listen.ts';
import { openTestDatabase } from '#appservice/store/test-database.ts';
import { jana, organisation as testOrganisation, serverName } from '#appservice/people/test-organisation.ts';

const auditKey = createEd25519Key();

function storeOn(db: Kysely<Database>): Pick<Store, 'db' | 'transaction'> {
  return { db, transaction: (work) => db.transaction().execute(work) };
}

export const clientOrigin = 'http://localhost:4810';

const idleRunDesk: ApiDependencies['runs'] = {
  list: async () => [],
  report: async () => null,
  watch: async () => null,
  cancel: async () => 'run.unknown',
  resume: async () => 'run.unknown',
  drift: async () => ({ differences: [] }),
  repairReported: async () => null,
};

/** A real API on a real database; the homeserver knows the OpenID token `token of <user id>` of everybody. */
export async function startTestApi(changes: Partial<ApiDependencies> = {}) {
  const clock = { now: 1_000_000 };
  const organisation = changes.organisation?.() ?? testOrganisation;
  const people = buildPeopleDirectory(organisation);
  const store = storeOn(await openTestDatabase());
  await store.transaction((transaction) => receiveDeclaration(transaction, organisation, clock.now));
  const dependencies: ApiDependencies = {
    serverName,
    clientOrigins: [clientOrigin],
    database: store.db,
    organisation: () => organisation,
    people: () => people,
    revisions: createRevisionDesk({
      store,
      now: () => clock.now,
      notePlan: async () => undefined,
      onUnplanned: () => undefined,
    }),
    audit: createAuditDesk({ store, key: readAuditKey('land.hessen.test/audit', auditKey), now: () => clock.now }),
    deliveries: {
      read: async () => ({ count: 0, deliveries: [] }),
      verify: async () => ({ entries: 0, firstBadSequence: null, head: '0'.repeat(64) }),
    },
    drafts: createDraftDesk({
      survey: async () => ({ accounts: [], rooms: [] }),
      store,
      serverName,
      organisation: () => organisation,
      now: () => clock.now,
    }),
    openId: { userOfOpenIdToken: async (token) => userIdSchema.safeParse(token.replace('token of ', '')).data ?? null },
    conversations: {
      start: async () => ({ isStarted: true, conversation: { roomId: roomIdSchema.parse('!new'), created: true } }),
    },
    plans: {
      list: async () => [],
      read: async () => null,
      changes: async () => null,
      requests: async () => null,
      approve: async () => 'plan.unknown',
    },
    runs: idleRunDesk,
    moderation: { act: async () => 'room.unknown' },
    alerts: { record: async () => null, read: async () => [] },
    agreements: {
      list: () => [],
      propose: async () => 'partner.unknown',
      consent: async () => 'agreement.unknown',
      end: async () => 'agreement.unknown',
    },
    partners: {
      read: async () => ({ own: { server: serverName, keys: [], rosterKey: 'A'.repeat(43) }, partners: [] }),
    },
    progress: () => ({ state: 'ready', done: 3, total: 3 }),
    logger: pino({ level: 'silent' }),
    now: () => clock.now,
    ...changes,
  };
  return { url: await listen(createApi(dependencies)), clock, database: dependencies.database, dependencies };
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
