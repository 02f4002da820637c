/** Runs as the API shows them, and what they left behind when a process ended in the middle. */
import type { Kysely, Transaction } from 'kysely';
import type { Run, RunReport, RunTarget } from '#contract/runs.ts';
import type { Store } from '#appservice/store/open-store.ts';
import type { Database, JournalTable, RunTable } from '#appservice/store/schema.ts';
import { noteUnanswered, type Unanswered } from './unanswered.ts';

const listedMax = 100;
const keptMs = 90 * 24 * 60 * 60 * 1000;
/**
 * A homeserver that was told to create a room goes on with it although nobody waits any more. Until it must have ended,
 * the room is not created again.
 */
export const creationDoubtMs = 30_000;

const open = ['waiting', 'begun'] as const;
const failed = ['failed', 'skipped', 'unknown'] as const;

/** The newest first. */
export async function listRuns(database: Kysely<Database>): Promise<Run[]> {
  const runs = await database
    .selectFrom('run')
    .selectAll()
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .limit(listedMax)
    .execute();
  const counts = await countOutcomes(
    database,
    runs.map(({ id }) => id),
  );
  return runs.map((run) => runOf(run, counts));
}

/** null if there is no such run. */
export async function readRun(database: Kysely<Database>, id: string): Promise<Run | null> {
  const run = await database.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
  return run === undefined ? null : runOf(run, await countOutcomes(database, [id]));
}

/** What happened at each address, in the order of the changes. null if there is no such run. */
export async function readReport(database: Kysely<Database>, id: string): Promise<RunReport | null> {
  const run = await readRun(database, id);
  if (run === null) return null;
  const rows = await database.selectFrom('journal').selectAll().where('run', '=', id).orderBy('position').execute();
  const targets = Map.groupBy(rows, ({ address }) => address);
  return { run, targets: [...targets].map(([target, changes]) => targetOf(target, changes)) };
}

function targetOf(target: string, changes: readonly JournalTable[]): RunTarget {
  return {
    target,
    applied: changes.filter(({ state }) => state === 'applied').length,
    waiting: changes.filter(({ state }) => state === 'waiting').length,
    problems: changes.flatMap(({ state, kind, user_id: person, error, remedy }) =>
      state === 'applied' || state === 'waiting' ? [] : [{ change: kind, person, state, error, remedy }],
    ),
  };
}

/** What the changes of a run are about. */
export async function addressesOfRun(database: Kysely<Database>, run: string): Promise<string[]> {
  const rows = await database.selectFrom('journal').select('address').distinct().where('run', '=', run).execute();
  return rows.map(({ address }) => address);
}

type Counts = ReadonlyMap<string, Readonly<Partial<Record<JournalTable['state'], number>>>>;

async function countOutcomes(database: Kysely<Database>, runs: readonly string[]): Promise<Counts> {
  if (runs.length === 0) return new Map();
  const rows = await database
    .selectFrom('journal')
    .select(({ fn }) => ['run', 'state', fn.countAll<number>().as('changes')])
    .where('run', 'in', runs)
    .groupBy(['run', 'state'])
    .execute();
  const byRun = Map.groupBy(rows, ({ run }) => run);
  return new Map(
    [...byRun].map(([run, states]) => [run, Object.fromEntries(states.map(({ state, changes }) => [state, changes]))]),
  );
}

function runOf(run: RunTable, counts: Counts): Run {
  const states = counts.get(run.id) ?? {};
  const sum = (those: readonly JournalTable['state'][]): number =>
    those.reduce((total, state) => total + (states[state] ?? 0), 0);
  return {
    id: run.id,
    revision: run.revision,
    purpose: run.purpose,
    state: run.state,
    done: run.changes - sum(open),
    total: run.changes,
    failed: sum(failed),
    ratePerSecond: null,
    remainingMs: null,
    startedAt: new Date(run.started_at).toISOString(),
    endedAt: run.ended_at === null ? null : new Date(run.ended_at).toISOString(),
  };
}

/** Notes which runs the end of a process has interrupted. Only the instance that leads may say so. */
export async function recordInterruptedRuns(
  { transaction: inTransaction }: Pick<Store, 'transaction'>,
  { bot, at }: Omit<Unanswered, 'runs'>,
): Promise<void> {
  await inTransaction(async (transaction) => {
    const runs = await transaction
      .updateTable('run')
      .set({ state: 'interrupted', ended_at: at })
      .where('state', '=', 'running')
      .returning('id')
      .execute();
    await noteUnanswered(transaction, { runs: runs.map(({ id }) => id), bot, at });
  });
}

/** Addresses whose room may be in the making, because nobody knows what became of the request that creates it. */
export async function doubtfulCreations(database: Kysely<Database>, now: number): Promise<Set<string>> {
  const rows = await database
    .selectFrom('journal')
    .select('address')
    .where('kind', '=', 'CreateRoom')
    .where('state', '=', 'unknown')
    .where('changed_at', '>', now - creationDoubtMs)
    .execute();
  return new Set(rows.map(({ address }) => address));
}

/** Whether somebody cancelled what carried this revision out, and nobody resumed it. */
export async function isCancelled(database: Kysely<Database>, revision: number): Promise<boolean> {
  const last = await database
    .selectFrom('run')
    .select('state')
    .where('revision', '=', revision)
    .where('purpose', '=', 'revision')
    .orderBy('started_at', 'desc')
    .executeTakeFirst();
  return last?.state === 'cancelled';
}

/** Lets what cancelled runs of a revision left be carried out. Answers whether there was such a run. */
export async function resumeRun(transaction: Transaction<Database>, id: string): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('run')
    .set({ state: 'incomplete' })
    .where('id', '=', id)
    .where('state', '=', 'cancelled')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets runs that ended long ago; the audit trail keeps every change. */
export async function forgetOldRuns(database: Kysely<Database>, now: () => number): Promise<void> {
  await database
    .deleteFrom('run')
    .where('ended_at', '<', now() - keptMs)
    .where('state', '!=', 'cancelled')
    .execute();
}
