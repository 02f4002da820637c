import type { ServerName } from '#contract/ids.ts';
import { isInvitationElsewhere, isRemoval, type Change, type Invite } from './change.ts';
import type { Plan } from './plan.ts';

/** Changes in the order in which they are carried out. */
export type ChangeSequence = Pick<Plan, 'changes' | 'stages'>;

export interface DividedPlan {
  /** What the own homeserver does by itself. */
  readonly local: ChangeSequence;
  /** What waits for other homeservers. */
  readonly elsewhere: readonly Invite[];
}

/** Takes the invitations of other homeservers' people out of a plan: nothing else in it waits for other servers. */
export function divideByServer(plan: ChangeSequence, own: ServerName): DividedPlan {
  const isElsewhere = (change: Change): change is Invite => isInvitationElsewhere(change, own);
  return {
    local: keepChanges(plan, (change) => !isElsewhere(change)),
    elsewhere: plan.changes.filter(isElsewhere),
  };
}

/**
 * Of a plan that repairs, and is refused for the many people whom it would remove, all but the removals: whoever fills rooms
 * with strangers must not keep them open by that. Any other plan is answered as it is.
 */
export function withoutMassRemoval(plan: Plan): Plan {
  const isRefusedForIt = plan.refusals.length > 0 && plan.refusals.every(({ gate }) => gate === 'mass-removal');
  if (!isRefusedForIt) return plan;
  return { ...plan, ...keepChanges(plan, (change) => !isRemoval(change)), refusals: [] };
}

export function keepChanges(plan: ChangeSequence, isKept: (change: Change) => boolean): ChangeSequence {
  return {
    changes: plan.changes.filter(isKept),
    stages: plan.stages.map((stage) => ({ changes: stage.changes.filter(isKept) })),
  };
}
