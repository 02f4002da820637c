/** The API with the real desks of all that is decided by place, and one of everything at the unit `hkm/referat`. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Run } from '#contract/runs.ts';
import { eventIdSchema, roomIdSchema, type UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { openAgreementBook } from '#appservice/agreements/agreement-book.ts';
import { createAgreementDesk } from '#appservice/agreements/agreement-desk.ts';
import { ownedAgreement, terms } from '#appservice/agreements/test-agreements.ts';
import { approvePlan } from '#appservice/apply/approval.ts';
import { recordPlan } from '#appservice/apply/plan-records.ts';
import { proposeRevision, receiveDeclaration } from '#appservice/apply/revisions.ts';
import { createRunDesk } from '#appservice/apply/run-desk.ts';
import { createRevisionDesk } from '#appservice/authority/revision-desk.ts';
import { userId } from '#appservice/authority/test-organisation.ts';
import { createDraftDesk } from '#appservice/dump/draft-desk.ts';
import { createModeration } from '#appservice/moderation/moderation.ts';
import { land } from '#appservice/organisation/test-organisations.ts';
import { computeDesiredState } from '#appservice/reconciler/desired-state.ts';
import { computePlan, digestOf, type Plan } from '#appservice/reconciler/plan.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { startTestApi } from './test-api.ts';

export const unitRoom = roomIdSchema.parse('!referat');
export const message = eventIdSchema.parse('$message');
export const runId = '0b0f7b56-7a0f-4f0e-9a53-5f0f3f0f3c1e';
export const agreementId = terms.id;
const address = 'room/hkm/referat';
const now = (): number => 1_000_000;

/** Who has proposed what waits: nobody who decides. */
const author = userId('anna.leit');

/** @param waiting what somebody has proposed; null: nothing */
export async function startGovernedApi(organisation: Organisation, waiting: Organisation | null) {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  await store.transaction((transaction) => receiveDeclaration(transaction, organisation, now()));
  await layOut(store);
  const plan = waiting === null ? '' : await propose(store, waiting);
  const context = { store, organisation: () => organisation, serverName: land, now };
  const book = await openAgreementBook(store, now);
  await book.act(agreementId, () => ({
    agreement: unitAgreement,
    entry: { action: 'agreement.proposed', actor: author, detail: {} },
  }));
  const { url } = await startTestApi({
    organisation: () => organisation,
    database: store.db,
    plans: { ...noPlans, approve: (digest, approver) => approve(store, digest, approver) },
    revisions: createRevisionDesk({ ...context, notePlan: async () => undefined, onUnplanned: () => undefined }),
    drafts: createDraftDesk({ ...context, survey: async () => ({ accounts: [], rooms: [] }) }),
    moderation: createModeration({ ...context, homeserver, isDeclared: () => true }),
    agreements: createAgreementDesk({ ...context, book, onChange: () => undefined }),
    runs: createRunDesk({ ...context, provisioner: provisionerOf(organisation), onDue: () => undefined, logger }),
  });
  return { url, plan };
}

export const unitTerms = { ...terms, ownerPeople: [userId('ria.referat')] };
const unitAgreement = ownedAgreement({ terms: unitTerms, digest: digestOf(unitTerms) });

const logger = pino({ level: 'silent' });
const noPlans = { list: async () => [], read: async () => null, changes: async () => null, requests: async () => null };

const homeserver = {
  readMessage: async () => ({ sender: author, sentAt: 1, isDeleted: false }),
  redact: async () => undefined,
  ban: async () => undefined,
  unban: async () => undefined,
  readMembership: async () => null,
};

async function layOut({ db }: Store): Promise<void> {
  const at = now();
  await db.insertInto('room').values({ address, room_id: unitRoom, class: 'einheit', created_at: at }).execute();
  const run = { id: runId, revision: 1, purpose: 'revision', state: 'cancelled', changes: 1 } as const;
  await db
    .insertInto('run')
    .values({ ...run, started_at: at, ended_at: at })
    .execute();
  const change = { run: runId, position: 0, address, kind: 'SetName', user_id: null, state: 'waiting' } as const;
  await db
    .insertInto('journal')
    .values({ ...change, error: null, remedy: null, changed_at: at })
    .execute();
  const drift = { address, kind: 'SetName', subject: '', found: '"x"', declared: '"y"' };
  await db
    .insertInto('drift')
    .values({ ...drift, found_at: at })
    .execute();
}

async function propose(store: Store, waiting: Organisation): Promise<string> {
  const revision = await store.transaction((transaction) =>
    proposeRevision(transaction, waiting, { at: now(), actor: author }),
  );
  return recordPlan(store, planOf(waiting), { revision, state: 'awaiting-approval', at: now() });
}

function approve(store: Store, digest: string, approver: UserId) {
  const observer = {
    look: async () => Object(null),
    planFor: async (organisation: Organisation) => planOf(organisation),
  };
  return approvePlan({ digest, approver }, { store, now, observer, onInForce: () => undefined });
}

function planOf(organisation: Organisation): Plan {
  const empty = { rooms: new Map(), accounts: new Set<never>() };
  return computePlan(computeDesiredState(organisation, land), empty, userId('landbote'));
}

const running: Run = {
  id: runId,
  revision: 1,
  purpose: 'revision',
  state: 'running',
  done: 0,
  total: 1,
  failed: 0,
  ratePerSecond: null,
  remainingMs: null,
  startedAt: new Date(0).toISOString(),
  endedAt: null,
};

/** The run that stands in the database as cancelled is under way as far as this one knows: both can be asked of it. */
function provisionerOf(organisation: Organisation): Parameters<typeof createRunDesk>[0]['provisioner'] {
  const progress = { current: () => running, watch: () => () => undefined };
  const done = { applied: 0, failed: 0, elsewhere: 0, isRefused: false, isCancelled: false };
  return {
    organisation: () => organisation,
    runs: { progress, cancel: () => true },
    repairReported: async () => done,
  };
}
