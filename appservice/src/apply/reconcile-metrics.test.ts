import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { openStore } from '#appservice/store/open-store.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';
import type { Change } from '../reconciler/change.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { nothing } from '../reconciler/model-homeserver.ts';
import { computePlan } from '../reconciler/plan.ts';
import { recordDrift } from './drift-records.ts';
import { closeAbandonedRuns, openJournal } from './journal.ts';
import { createRunLedger } from './plan-runner.ts';
import { createReconcileMetrics } from './reconcile-metrics.ts';
import { receiveDeclaration } from './revisions.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const { changes } = computePlan(computeDesiredState(ministryAndSchool, land), nothing, bot);

function changeOf(kind: Change['kind']): Change {
  const change = changes.find((candidate) => candidate.kind === kind);
  if (change === undefined) throw new Error(`The plan has no ${kind}.`);
  return change;
}

async function open() {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  await store.transaction((transaction) => receiveDeclaration(transaction, ministryAndSchool, 1));
  const registry = new Registry();
  const options = {
    store,
    bot,
    metrics: createReconcileMetrics(registry),
    requireLeading: async () => undefined,
    abandonedRuns: new Set<string>(),
    now: () => 1,
  };
  /** The samples of one metric, as they are scraped. */
  const samples = async (name: string): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
  return { store, options, samples };
}

test('runs are counted by purpose and outcome, also those whose end was noted late', async () => {
  const { options, samples } = await open();
  const carriedOut = await openJournal({ revision: 1, purpose: 'revision', changes }, options);
  await carriedOut.close('incomplete');
  const repairs = await openJournal({ revision: 1, purpose: 'drift', changes }, options);
  options.abandonedRuns.add(repairs.run);
  await closeAbandonedRuns(options);
  expect(await samples('landbote_runs_total')).toEqual([
    'landbote_runs_total{purpose="revision",outcome="incomplete"} 1',
    'landbote_runs_total{purpose="drift",outcome="interrupted"} 1',
  ]);
});

test('a change is counted by its kind and what became of it, and not before that is noted', async () => {
  const { store, options, samples } = await open();
  const journal = await openJournal({ revision: 1, purpose: 'drift', changes }, options);
  const ledger = createRunLedger(journal, 'drift.repaired', options);
  await ledger.settle(changeOf('RegisterAccount'), { created: null });
  await ledger.settle(changeOf('Invite'), { error: new Error('refused') });
  expect(await samples('landbote_changes_total')).toEqual([
    'landbote_changes_total{kind="RegisterAccount",action="drift.repaired"} 1',
    'landbote_changes_total{kind="Invite",action="change.failed"} 1',
  ]);
  await store.db.schema.dropTable('journal').execute();
  await expect(ledger.settle(changeOf('Invite'), { created: null })).rejects.toThrow();
  expect(await samples('landbote_changes_total')).toHaveLength(2);
});

test('what is reported is told as a number of this moment', async () => {
  const { options, samples } = await open();
  const link = changeOf('LinkSpaceChild');
  const account = changeOf('RegisterAccount');
  await recordDrift({ differences: [link, account] }, options);
  expect(await samples('landbote_drift_reported')).toEqual(['landbote_drift_reported 2']);
  await recordDrift({ differences: [account] }, options);
  expect(await samples('landbote_drift_reported')).toEqual(['landbote_drift_reported 1']);
  await recordDrift({ differences: [], addresses: new Set(['elsewhere']) }, options);
  expect(await samples('landbote_drift_reported')).toEqual(['landbote_drift_reported 1']);
});
