/**
 * The journal of one run. That a change is about to be sent is committed before it is sent, and what became of it
 * together with its audit row. So after `kill -9` it is known of which changes the outcome is not.
 */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database, JournalTable, RunTable } from '#appservice/store/schema.ts';
import type { UserId } from '#contract/ids.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { messageOf } from '#appservice/store/store-error.ts';
import type { Change } from '../reconciler/change.ts';
import type { ReconcileMetrics } from './reconcile-metrics.ts';
import { isWithoutAnswer, remedyOf } from './remedies.ts';
import { noteUnanswered } from './unanswered.ts';

/** What applying a change tells the journal. */
export interface ChangeLog {
  /** Commits that `change` is about to be sent. Throws if another instance leads by now: then it must not be sent. */
  begin(change: Change): Promise<void>;
  /** Notes the outcome within the transaction of its audit row. `error`: undefined if the change was applied. */
  settle(transaction: Transaction<Database>, change: Change, error: unknown): Promise<void>;
}

export interface Journal extends ChangeLog {
  readonly run: string;
  skip(change: Change, because: Change): Promise<void>;
  close(state: Exclude<RunTable['state'], 'running'>): Promise<void>;
}

export interface JournalOptions {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  /** Throws within the transaction if another instance leads by now. */
  readonly requireLeading: (transaction: Transaction<Database>) => Promise<void>;
  /** In whose name changes are begun. */
  readonly bot: UserId;
  /** Runs whose end could not be noted yet. */
  readonly abandonedRuns: Set<string>;
  readonly metrics: Pick<ReconcileMetrics, 'runs'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface RunOpening {
  readonly revision: number;
  readonly purpose: RunTable['purpose'];
  readonly changes: readonly Change[];
}

/** For invitations to other homeservers: they belong to no run, and sending one twice does nothing. */
export function createFence({ store, requireLeading }: Pick<JournalOptions, 'requireLeading' | 'store'>): ChangeLog {
  return {
    begin: () => store.transaction(requireLeading),
    settle: () => Promise.resolve(),
  };
}

/** Notes a run and all its changes. */
export async function openJournal(opening: RunOpening, options: JournalOptions): Promise<Journal> {
  const { store, requireLeading, abandonedRuns, now } = options;
  const run = randomUUID();
  const positions = new Map(opening.changes.map((change, position) => [change, position]));
  await store.transaction((transaction) => insertRun(transaction, run, opening, now()));

  async function note(database: Transaction<Database>, change: Change, values: Partial<JournalTable>): Promise<void> {
    const position = positions.get(change);
    if (position === undefined) throw new Error(`The run has no change ${change.kind} at ${change.address}.`);
    await database
      .updateTable('journal')
      .set({ ...values, changed_at: now() })
      .where('run', '=', run)
      .where('position', '=', position)
      .execute();
  }

  return {
    run,
    begin: (change) =>
      store.transaction(async (transaction) => {
        await requireLeading(transaction);
        await note(transaction, change, { state: 'begun' });
      }),
    settle: (transaction, change, error) => note(transaction, change, outcomeOf(error)),
    skip: (change, because) =>
      store.transaction((transaction) => note(transaction, change, { state: 'skipped', error: waitsFor(because) })),
    async close(state) {
      abandonedRuns.add(run);
      await closeRun(run, state, options);
    },
  };
}

/** Notes the end of runs that the database could not take when they ended. Throws if it still cannot. */
export async function closeAbandonedRuns(options: JournalOptions): Promise<void> {
  for (const run of options.abandonedRuns) await closeRun(run, 'interrupted', options);
}

async function closeRun(
  run: string,
  state: RunTable['state'],
  { store, bot, abandonedRuns, metrics, now }: JournalOptions,
): Promise<void> {
  const { purpose } = await store.transaction(async (transaction) => {
    const at = now();
    await noteUnanswered(transaction, { runs: [run], bot, at });
    const ending = transaction.updateTable('run').set({ state, ended_at: at }).where('id', '=', run);
    return ending.returning('purpose').executeTakeFirstOrThrow();
  });
  abandonedRuns.delete(run);
  metrics.runs.inc({ purpose, outcome: state });
}

function outcomeOf(error: unknown): Pick<JournalTable, 'state' | 'error' | 'remedy'> {
  if (error === undefined) return { state: 'applied', error: null, remedy: null };
  const state = isWithoutAnswer(error) ? 'unknown' : 'failed';
  return { state, error: messageOf(error), remedy: remedyOf(error) };
}

function waitsFor({ kind, address }: Change): string {
  return `waits for ${kind} at ${address}`;
}

/** Keeps a statement below the number of variables that SQLite and PostgreSQL allow. */
const rowsPerStatement = 500;

async function insertRun(
  transaction: Transaction<Database>,
  id: string,
  { revision, purpose, changes }: RunOpening,
  at: number,
): Promise<void> {
  const run = { id, revision, purpose, state: 'running', changes: changes.length, started_at: at } as const;
  await transaction.insertInto('run').values(run).execute();
  const rows = changes.map((change, position) => rowOf(id, change, position, at));
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await transaction
      .insertInto('journal')
      .values(rows.slice(start, start + rowsPerStatement))
      .execute();
  }
}

function rowOf(run: string, change: Change, position: number, at: number): JournalTable {
  const { address, kind } = change;
  const userId = 'userId' in change ? change.userId : null;
  return { run, position, address, kind, user_id: userId, state: 'waiting', error: null, remedy: null, changed_at: at };
}
