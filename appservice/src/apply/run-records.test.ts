import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { nothing } from '../reconciler/model-homeserver.ts';
import { computePlan } from '../reconciler/plan.ts';
import { userIdSchema } from '#contract/ids.ts';
import { openJournal, type Journal } from './journal.ts';
import { createReconcileMetrics } from './reconcile-metrics.ts';
import { receiveDeclaration } from './revisions.ts';
import {
  creationDoubtMs,
  doubtfulCreations,
  isCancelled,
  readReport,
  recordInterruptedRuns,
  resumeRun,
} from './run-records.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const metrics = createReconcileMetrics(new Registry());
const { changes } = computePlan(computeDesiredState(ministryAndSchool, land), nothing, bot);
const creation = changes.find(({ kind }) => kind === 'CreateRoom');
if (creation === undefined) throw new Error('The plan creates no room.');

async function openRun(): Promise<{ store: Store; journal: Journal }> {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  await store.transaction((transaction) => receiveDeclaration(transaction, ministryAndSchool, 1));
  const opening = { revision: 1, purpose: 'revision', changes } as const;
  return {
    store,
    journal: await openJournal(opening, {
      store,
      requireLeading: async () => undefined,
      bot,
      abandonedRuns: new Set(),
      metrics,
      now: () => 1_000,
    }),
  };
}

test('what was sent and never answered stands in the audit trail: it may have happened', async () => {
  const { store, journal } = await openRun();
  await journal.begin(creation);
  await recordInterruptedRuns(store, { bot, at: 2_000 });
  await recordInterruptedRuns(store, { bot, at: 3_000 });
  const rows = await store.db.selectFrom('audit').selectAll().where('action', '=', 'change.unanswered').execute();
  expect(rows.map(({ actor, subject, detail }) => [actor, subject, JSON.parse(detail)])).toEqual([
    [bot, creation.address, { run: journal.run, kind: 'CreateRoom' }],
  ]);
});

test('after kill -9 the run counts as interrupted, and what was sent has no known outcome', async () => {
  const { store, journal } = await openRun();
  await journal.begin(creation);
  await recordInterruptedRuns(store, { bot, at: 2_000 });
  const report = await readReport(store.db, journal.run);
  expect(report?.run).toMatchObject({ state: 'interrupted', done: 1, total: changes.length, failed: 1 });
  const target = report?.targets.find((one) => one.target === creation.address);
  expect(target?.problems).toMatchObject([{ change: 'CreateRoom', state: 'unknown' }]);
});

test('a room that may be in the making is not created again until the homeserver must have ended', async () => {
  const { store, journal } = await openRun();
  await journal.begin(creation);
  await recordInterruptedRuns(store, { bot, at: 2_000 });
  expect(await doubtfulCreations(store.db, 2_000)).toEqual(new Set([creation.address]));
  expect(await doubtfulCreations(store.db, 1_000 + creationDoubtMs)).toEqual(new Set());
});

test('a change that another instance must not send any more is not noted as begun', async () => {
  const { store } = await openRun();
  const opening = { revision: 1, purpose: 'revision', changes } as const;
  const requireLeading = async (): Promise<void> => {
    throw new Error('another instance leads');
  };
  const journal = await openJournal(opening, {
    store,
    requireLeading,
    bot,
    abandonedRuns: new Set(),
    metrics,
    now: () => 1_000,
  });
  await expect(journal.begin(creation)).rejects.toThrow('another instance leads');
  const report = await readReport(store.db, journal.run);
  expect(report?.run).toMatchObject({ done: 0, total: changes.length });
});

test('a revision whose run was cancelled stays so until somebody resumes it', async () => {
  const { store, journal } = await openRun();
  await journal.close('cancelled');
  expect(await isCancelled(store.db, 1)).toBe(true);
  expect(await store.transaction((transaction) => resumeRun(transaction, journal.run))).toBe(true);
  expect(await isCancelled(store.db, 1)).toBe(false);
  expect(await store.transaction((transaction) => resumeRun(transaction, journal.run))).toBe(false);
});
