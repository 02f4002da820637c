import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { roomOriginKey } from '#contract/event-content.ts';
import { userIdSchema } from '#contract/ids.ts';
import { rosterEventType } from '#contract/roster.ts';
import { HomeserverError, type RoomCreation } from '#appservice/matrix/ports.ts';
import { createRecordingHomeserver, type RecordingHomeserver } from '#appservice/matrix/recording-homeserver.ts';
import { createTestSeal } from '#appservice/roster/test-seal.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { blocks } from '../reconciler/order.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { nothing } from '../reconciler/model-homeserver.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';
import { applyPlan, type Outcome } from './apply-plan.ts';
import { openJournal } from './journal.ts';
import { createRunLedger } from './plan-runner.ts';
import { createReconcileMetrics } from './reconcile-metrics.ts';
import { receiveDeclaration } from './revisions.ts';
import type { Actor } from '#appservice/matrix/ports.ts';
import { readInventory } from './inventory.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const rosters = createTestSeal();
const metrics = createReconcileMetrics(new Registry());
const plan: Plan = computePlan(computeDesiredState(ministryAndSchool, land), nothing, bot);

async function openTestStore(): Promise<Store> {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  return store;
}

interface Signals {
  readonly ended?: AbortSignal;
  readonly cancelled?: AbortSignal;
}

async function apply(homeserver: Actor, store: Store, signals: Signals = {}): Promise<readonly Outcome[]> {
  await receive(store);
  const opening = { revision: 1, purpose: 'revision', changes: plan.changes } as const;
  const journal = await openJournal(opening, {
    store,
    requireLeading: async () => undefined,
    bot,
    abandonedRuns: new Set(),
    metrics,
    now: () => 1,
  });
  const { outcomes } = await applyPlan(plan, new Map(), {
    homeserver,
    ledger: createRunLedger(journal, 'change.applied', { store, bot, metrics, now: () => 1 }),
    cancelled: new AbortController().signal,
    serverName: land,
    rosters,
    concurrency: 4,
    ended: new AbortController().signal,
    onOutcome: () => undefined,
    ...signals,
  });
  return outcomes;
}

/** A run belongs to a revision. */
async function receive(store: Store): Promise<void> {
  await store.transaction((transaction) => receiveDeclaration(transaction, ministryAndSchool, 1));
}

function journalOf(store: Store) {
  return store.db.selectFrom('journal').selectAll().orderBy('position').execute();
}

function addressOf({ creation_content: content }: RoomCreation): unknown {
  return Object(content[roomOriginKey]).address;
}

/** Refuses to create the room at one address. */
function refusing(address: string): RecordingHomeserver {
  const recording = createRecordingHomeserver();
  return {
    ...recording,
    createRoom: (creation) =>
      addressOf(creation) === address
        ? Promise.reject(new HomeserverError(500, 'M_UNKNOWN', 'out of order'))
        : recording.createRoom(creation),
  };
}

test('every change is carried out once, and each has its row in the audit trail', async () => {
  const store = await openTestStore();
  const homeserver = createRecordingHomeserver();
  const outcomes = await apply(homeserver, store);
  expect(outcomes.map(({ result }) => result)).toEqual(plan.changes.map(() => 'applied'));
  const isRoster = ({ parameters }: (typeof homeserver.requests)[number]) =>
    Object(parameters[1]).type === rosterEventType;
  expect(homeserver.requests.filter((request) => !isRoster(request))).toHaveLength(plan.changes.length);
  const rows = await store.db.selectFrom('audit').select('action').where('action', 'like', 'change.%').execute();
  expect(rows.map(({ action }) => action)).toEqual(plan.changes.map(() => 'change.applied'));
});

test('what was created stands in the inventory', async () => {
  const store = await openTestStore();
  await apply(createRecordingHomeserver(), store);
  const created = plan.changes.filter(({ kind }) => kind === 'CreateRoom').map(({ address }) => address);
  expect([...(await readInventory(store.db)).keys()].toSorted()).toEqual(created.toSorted());
});

test('no room is created before the space it names, and nobody joins before everything stands', async () => {
  const homeserver = createRecordingHomeserver();
  await apply(homeserver, await openTestStore());
  const methods = homeserver.requests.map(({ method }) => method);
  expect(methods.lastIndexOf('createRoom')).toBeLessThan(methods.indexOf('joinAs'));
  expect(methods.lastIndexOf('registerAccount')).toBeLessThan(methods.indexOf('createRoom'));
});

test('one room that cannot be created holds up only what happens in it', async () => {
  const store = await openTestStore();
  const outcomes = await apply(refusing('room/hkm'), store);
  const notApplied = outcomes.filter(({ result }) => result !== 'applied');
  const inRoom = plan.changes.filter(({ address }) => address === 'room/hkm');
  const linkToIt = plan.changes.filter((change) => change.kind === 'LinkSpaceChild' && change.after === 'room/hkm');
  expect(notApplied).toHaveLength(inRoom.length + linkToIt.length);
  expect(notApplied.filter(({ result }) => result === 'skipped')).toHaveLength(inRoom.length - 1);
  expect((await readInventory(store.db)).has('room/hkm')).toBe(false);
  expect((await readInventory(store.db)).has('room/hkm/referat')).toBe(true);
});

test('a failure stands in the audit trail with its cause', async () => {
  const store = await openTestStore();
  await apply(refusing('space/hkm/abteilung'), store);
  const failed = await store.db.selectFrom('audit').selectAll().where('action', '=', 'change.failed').execute();
  expect(failed.find(({ subject }) => subject === 'space/hkm/abteilung')?.detail).toContain('out of order');
});

test('when the process ends nothing is begun any more, and what has no known outcome is noted nowhere', async () => {
  const store = await openTestStore();
  const ended = new AbortController();
  const recording = createRecordingHomeserver();
  const homeserver: Actor = {
    ...recording,
    createRoom: async () => {
      ended.abort();
      throw new HomeserverError(0, 'M_UNKNOWN', 'stopped waiting for an answer');
    },
  };
  await expect(apply(homeserver, store, { ended: ended.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(recording.requests.map(({ method }) => method)).not.toContain('joinAs');
  const failed = await store.db.selectFrom('audit').selectAll().where('action', '=', 'change.failed').execute();
  expect(failed).toEqual([]);
});

test('that a change is sent stands in the journal before it is sent, and what became of it after', async () => {
  const store = await openTestStore();
  const recording = createRecordingHomeserver();
  const seen: string[] = [];
  const homeserver: Actor = {
    ...recording,
    async createRoom(creation) {
      const row = (await journalOf(store)).find(
        ({ kind, address }) => kind === 'CreateRoom' && address === addressOf(creation),
      );
      seen.push(row?.state ?? 'not noted');
      return recording.createRoom(creation);
    },
  };
  await apply(homeserver, store);
  expect(new Set(seen)).toEqual(new Set(['begun']));
  expect((await journalOf(store)).map(({ state }) => state)).toEqual(plan.changes.map(() => 'applied'));
});

test('the journal says of each change that did not work why, and what somebody can do', async () => {
  const store = await openTestStore();
  await apply(refusing('room/hkm'), store);
  const rows = await journalOf(store);
  const failed = rows.find(({ state, kind }) => state === 'failed' && kind === 'CreateRoom');
  expect(failed).toMatchObject({ address: 'room/hkm', error: 'out of order' });
  expect(failed?.remedy).toMatch(/^Read the log of the homeserver/);
  expect(rows.filter(({ state }) => state === 'skipped').map(({ error }) => error)).toContain(
    'waits for CreateRoom at room/hkm',
  );
});

test('a room of whose creation no answer came is not simply failed: it may be there', async () => {
  const store = await openTestStore();
  const recording = createRecordingHomeserver();
  const silence = new HomeserverError(0, 'M_UNKNOWN', 'ECONNRESET');
  const homeserver: Actor = {
    ...recording,
    createRoom: (creation) =>
      addressOf(creation) === 'room/hkm' ? Promise.reject(silence) : recording.createRoom(creation),
  };
  await apply(homeserver, store);
  const rows = await journalOf(store);
  expect(rows.find(({ kind, address }) => kind === 'CreateRoom' && address === 'room/hkm')?.state).toBe('unknown');
});

test('a cancelled run ends what it began and begins nothing else', async () => {
  const store = await openTestStore();
  const recording = createRecordingHomeserver();
  const cancelled = new AbortController();
  const homeserver: Actor = {
    ...recording,
    async createRoom(creation) {
      cancelled.abort();
      return recording.createRoom(creation);
    },
  };
  const outcomes = await apply(homeserver, store, { cancelled: cancelled.signal });
  const states = (await journalOf(store)).map(({ state }) => state);
  expect(outcomes.every(({ result }) => result === 'applied')).toBe(true);
  expect(states.filter((state) => state === 'applied')).toHaveLength(outcomes.length);
  expect(states.filter((state) => state === 'begun')).toEqual([]);
  expect(states.filter((state) => state === 'waiting').length).toBeGreaterThan(0);
  expect(recording.requests.map(({ method }) => method)).not.toContain('joinAs');
});

test.each(['SetEncryption', 'SetPowerLevels', 'SetJoinRules', 'SetServerAcl', 'SetHistoryVisibility'] as const)(
  'nobody is brought into a room of which %s failed',
  (kind) => {
    const failed = { kind, address: 'room/hkm', before: null, after: {}, reason: '', risk: 'medium' } as const;
    const arrivals = plan.changes.filter((change) => change.address === 'room/hkm' && change.kind === 'Join');
    expect(arrivals.length).toBeGreaterThan(0);
    expect(arrivals.every((arrival) => blocks(failed, arrival))).toBe(true);
  },
);
