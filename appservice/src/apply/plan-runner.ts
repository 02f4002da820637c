/** Carries out plans: what the own homeserver can do at once; what needs another one is left to be sent by itself. */
import type { Logger } from 'pino';
import type { RunTable } from '#appservice/store/schema.ts';
import { divideByServer, type ChangeSequence } from '../reconciler/restrict-plan.ts';
import type { Change, Invite } from '../reconciler/change.ts';
import { blocks } from '../reconciler/order.ts';
import type { Plan } from '../reconciler/plan.ts';
import type { ApplyChangeOptions } from './apply-change.ts';
import { applyPlan, type AppliedPlan, type Outcome, type RunLedger } from './apply-plan.ts';
import type { Inventory } from './inventory.ts';
import { openJournal, type Journal, type JournalOptions } from './journal.ts';
import { createLedger, type AppliedAction, type LedgerOptions } from './ledger.ts';
import type { OutstandingInvitations } from './outstanding-invitations.ts';
import type { ReconcileMetrics } from './reconcile-metrics.ts';
import { createRunProgress, type RunProgress } from './run-progress.ts';

export interface RunnerOptions extends JournalOptions, LedgerOptions, Omit<ApplyChangeOptions, 'ledger'> {
  readonly store: JournalOptions['store'];
  readonly metrics: ReconcileMetrics;
  readonly concurrency: number;
  readonly logger: Logger;
}

/** What a run achieved. `failed`: changes that the next run tries again. */
export interface RunResult {
  readonly applied: number;
  readonly failed: number;
  /** Invitations of other homeservers' people, which are sent after the run. */
  readonly elsewhere: number;
  readonly isRefused: boolean;
  readonly isCancelled: boolean;
}

interface RunOrder {
  readonly revision: number;
  readonly purpose: RunTable['purpose'];
}

type GatedSequence = ChangeSequence & Pick<Plan, 'refusals'>;

export interface PlanRunner {
  readonly progress: Pick<RunProgress, 'current' | 'watch'>;
  /** Carries out `plan` on the rooms of `inventory`; nothing of it if a gate refuses the plan. */
  carryOut(plan: GatedSequence, inventory: Inventory, order: RunOrder): Promise<RunResult>;
  /** Ends the run between two changes. Answers whether this run is under way. */
  cancel(run: string): boolean;
}

export function createPlanRunner(options: RunnerOptions, outstanding: OutstandingInvitations): PlanRunner {
  const progress = createRunProgress(options.now);
  let cancellation = new AbortController();

  /** The run's outcomes; without a trace if there is nothing to do. */
  async function execute(plan: ChangeSequence, inventory: Inventory, order: RunOrder): Promise<AppliedPlan> {
    if (plan.changes.length === 0) return { outcomes: [], rooms: inventory };
    const opening = { ...order, changes: plan.changes };
    const journal = await openJournal(opening, options);
    cancellation = new AbortController();
    progress.begin(journal.run, opening);
    try {
      const done = await applyPlan(plan, inventory, applyOptions(journal, order));
      await end(journal, endStateOf(done, plan.changes));
      return done;
    } catch (error) {
      // The cause counts, also if the database that caused it cannot note it yet.
      await end(journal, 'interrupted').catch(() => undefined);
      throw error;
    }
  }

  function applyOptions(journal: Journal, { purpose }: RunOrder): Parameters<typeof applyPlan>[2] {
    return {
      ...options,
      ledger: createRunLedger(journal, appliedActionOf(purpose), options),
      cancelled: cancellation.signal,
      onOutcome(outcome) {
        progress.note(outcome.result !== 'applied');
        logOutcome(options.logger, outcome);
      },
    };
  }

  async function end(journal: Journal, state: Exclude<RunTable['state'], 'running'>): Promise<void> {
    progress.end(state);
    await journal.close(state);
  }

  return {
    progress,
    cancel(run) {
      const current = progress.current();
      if (current?.id !== run || current.state !== 'running') return false;
      cancellation.abort();
      return true;
    },
    async carryOut(plan, inventory, order) {
      if (plan.refusals.length > 0) {
        options.logger.error({ refusals: plan.refusals }, 'a plan was refused by its gates; nothing was changed');
        outstanding.replace([], inventory);
        return { applied: 0, failed: 0, elsewhere: 0, isRefused: true, isCancelled: false };
      }
      const { local, elsewhere } = divideByServer(plan, options.serverName);
      const done = await execute(local, inventory, order);
      const isCancelled = done.outcomes.length < local.changes.length;
      const possible = isCancelled ? [] : unblocked(elsewhere, done);
      const appliedAction = appliedActionOf(order.purpose);
      outstanding.replace(
        possible.map((invite) => ({ invite, appliedAction })),
        done.rooms,
      );
      return { ...resultOf(done, possible.length), isCancelled };
    },
  };
}

export function createRunLedger(journal: Journal, action: AppliedAction, options: LedgerOptions): RunLedger {
  return { ...createLedger(journal, action, options), skip: (change, because) => journal.skip(change, because) };
}

function appliedActionOf(purpose: RunTable['purpose']): AppliedAction {
  return purpose === 'drift' ? 'drift.repaired' : 'change.applied';
}

export function endStateOf({ outcomes }: AppliedPlan, changes: readonly Change[]): 'cancelled' | 'done' | 'incomplete' {
  if (outcomes.length < changes.length) return 'cancelled';
  return outcomes.every(({ result }) => result === 'applied') ? 'done' : 'incomplete';
}

/** Nobody is invited into a room whose protection could not be set. */
function unblocked(elsewhere: readonly Invite[], { outcomes }: AppliedPlan): Invite[] {
  const undone = outcomes.filter(({ result }) => result !== 'applied').map(({ change }) => change);
  return elsewhere.filter((invite) => !undone.some((change) => blocks(change, invite)));
}

function resultOf(
  { outcomes }: AppliedPlan,
  elsewhere: number,
): Pick<RunResult, 'applied' | 'elsewhere' | 'failed' | 'isRefused'> {
  const applied = outcomes.filter(({ result }) => result === 'applied').length;
  return { applied, failed: outcomes.length - applied, elsewhere, isRefused: false };
}

export function logOutcome(logger: Logger, outcome: Outcome): void {
  const { kind, address } = outcome.change;
  if (outcome.result === 'failed') logger.warn({ kind, address, err: outcome.error }, 'a change failed');
  else if (outcome.result === 'skipped') {
    logger.warn({ kind, address, because: outcome.because.kind }, 'a change waits for one that failed');
  } else logger.debug({ kind, address }, 'a change was applied');
}
