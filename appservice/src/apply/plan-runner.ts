/** Carries out plans: what the own homeserver can do at once; what needs another one is left to be sent by itself. */
import type { Logger } from 'pino';
import { divideByServer, restrictPlan } from '../reconciler/restrict-plan.ts';
import type { Invite } from '../reconciler/change.ts';
import { blocks } from '../reconciler/order.ts';
import type { Plan } from '../reconciler/plan.ts';
import type { ApplyChangeOptions } from './apply-change.ts';
import { applyPlan, type AppliedPlan, type Outcome } from './apply-plan.ts';
import type { Sight } from './observer.ts';
import type { OutstandingInvitations } from './outstanding-invitations.ts';

export interface RunnerOptions extends Omit<ApplyChangeOptions, 'appliedAction'> {
  readonly concurrency: number;
  readonly logger: Logger;
}

/** How far the run under way has come, in changes. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
}

/** What a run achieved. `failed`: changes that the next run tries again. */
export interface RunResult {
  readonly applied: number;
  readonly failed: number;
  /** Invitations of other homeservers' people, which are sent after the run. */
  readonly elsewhere: number;
  readonly isRefused: boolean;
}

export interface PlanRunner {
  progress(): RunProgress;
  /** Carries out the part of `plan` that was looked at; nothing of it if a gate refuses the plan. */
  carryOut(plan: Plan, sight: Sight, appliedAction: ApplyChangeOptions['appliedAction']): Promise<RunResult>;
}

export function createPlanRunner(options: RunnerOptions, outstanding: OutstandingInvitations): PlanRunner {
  const { logger } = options;
  let progress: RunProgress = { done: 0, total: 0 };

  return {
    progress: () => progress,
    async carryOut(plan, { world, addresses }, appliedAction) {
      if (plan.refusals.length > 0) {
        logger.error({ refusals: plan.refusals }, 'a plan was refused by its gates; nothing was changed');
        outstanding.replace([], world.inventory);
        return { applied: 0, failed: 0, elsewhere: 0, isRefused: true };
      }
      const wanted = addresses === undefined ? plan : restrictPlan(plan, addresses);
      const { local, elsewhere } = divideByServer(wanted, options.serverName);
      progress = { done: 0, total: local.changes.length };
      const done = await applyPlan(local, world.inventory, {
        ...options,
        appliedAction,
        onOutcome(outcome) {
          progress = { ...progress, done: progress.done + 1 };
          logOutcome(logger, outcome);
        },
      });
      const possible = unblocked(elsewhere, done);
      outstanding.replace(
        possible.map((invite) => ({ invite, appliedAction })),
        done.rooms,
        addresses,
      );
      return resultOf(done, possible.length);
    },
  };
}

/** Nobody is invited into a room whose server ACL could not be set. */
function unblocked(elsewhere: readonly Invite[], { outcomes }: AppliedPlan): Invite[] {
  const undone = outcomes.filter(({ result }) => result !== 'applied').map(({ change }) => change);
  return elsewhere.filter((invite) => !undone.some((change) => blocks(change, invite)));
}

function resultOf({ outcomes }: AppliedPlan, elsewhere: number): RunResult {
  const applied = outcomes.filter(({ result }) => result === 'applied').length;
  return { applied, failed: outcomes.length - applied, elsewhere, isRefused: false };
}

function logOutcome(logger: Logger, outcome: Outcome): void {
  const { kind, address } = outcome.change;
  if (outcome.result === 'failed') logger.warn({ kind, address, err: outcome.error }, 'a change failed');
  else if (outcome.result === 'skipped') {
    logger.warn({ kind, address, because: outcome.because.kind }, 'a change waits for one that failed');
  } else logger.debug({ kind, address }, 'a change was applied');
}
