import { expect, test } from 'vitest';
import type { PlanSummary } from '#contract/governance.ts';
import { userIdSchema } from '#contract/ids.ts';
import type { Run } from '#contract/runs.ts';
import type { ApiSession } from '../api-session.ts';
import { readArguments } from '../arguments.ts';
import { followRun } from './follow-run.ts';

const approver = userIdSchema.parse('@carla.boltenhagen:land.hessen.test');
const servers = ['--server', 'https://land.hessen.test', '--api', 'https://landbote.hessen.test'];
const call = readArguments(['apply', '--als', approver, ...servers]);

function planOf(revision: number, state: PlanSummary['state']): PlanSummary {
  const createdAt = new Date(revision).toISOString();
  const nothing = { summary: [], effects: [], refusals: [], changes: 1 };
  return {
    digest: 'a'.repeat(64),
    revision,
    state,
    ...nothing,
    applyable: true,
    complete: true,
    errored: false,
    createdAt,
  };
}

function runOf(revision: number, purpose: Run['purpose'] = 'revision'): Run {
  const id = `00000000-0000-4000-8000-00000000000${revision}`;
  const ended = { ratePerSecond: null, remainingMs: null, startedAt: new Date(1).toISOString(), endedAt: null };
  return { id, revision, purpose, state: 'done', done: 1, total: 1, failed: 0, ...ended };
}

interface Moment {
  readonly plans: readonly PlanSummary[];
  readonly runs: readonly Run[];
}

/** What `apply` writes while the appservice is as in `moments`, one after the other; the last one stays. */
async function linesOf(...moments: readonly Moment[]): Promise<string[]> {
  let asked = 0;
  const moment = (): Moment | undefined => moments[Math.min(asked, moments.length - 1)];
  const answers = (path: string): unknown => {
    if (path === '/plans') return { plans: moment()?.plans };
    if (path !== '/runs') return { run: moment()?.runs.find(({ id }) => path === `/runs/${id}`), targets: [] };
    const { runs } = moment() ?? {};
    asked += 1;
    return { runs };
  };
  const session: ApiSession = {
    send: () => Promise.reject(new Error('Nothing is under way.')),
    read: async (path, schema) => schema.parse(answers(path)),
    end: () => Promise.resolve(),
  };
  const lines: string[] = [];
  await followRun(session, call, (line) => lines.push(line));
  return lines;
}

test('called at once after the approval, it waits for the run of that plan', async () => {
  const plans = [planOf(3, 'awaiting-approval'), planOf(2, 'applying'), planOf(1, 'applied')];
  const lines = await linesOf({ plans, runs: [runOf(1)] }, { plans, runs: [runOf(2), runOf(1)] });
  expect(lines).toEqual(['Fassung 2: vollständig umgesetzt (1 von 1)']);
});

test('a repair that ran since is not taken for it', async () => {
  const lines = await linesOf({ plans: [planOf(2, 'applied')], runs: [runOf(2, 'drift'), runOf(1)] });
  expect(lines).toEqual(['Fassung 2: vollständig umgesetzt.']);
});

test('before the first plan there is nothing to follow', async () => {
  expect(await linesOf({ plans: [], runs: [] })).toEqual(['Bisher wurde nichts umgesetzt.']);
});
