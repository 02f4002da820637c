import { serverNameOf, type ServerName } from '#contract/ids.ts';
import type { Change, Invite } from './change.ts';
import type { Plan } from './plan.ts';
import { digestOf } from './plan.ts';
import { summarise } from './summary.ts';

/** The part of a plan that concerns some addresses. What the gates refuse, they refuse for the part as well. */
export function restrictPlan(plan: Plan, addresses: ReadonlySet<string>): Plan {
  return keepChanges(plan, ({ address }) => addresses.has(address));
}

export interface DividedPlan {
  /** What the own homeserver does by itself. */
  readonly local: Plan;
  /** What another homeserver must sign, and so answer, before it stands (server-server API, "Inviting to a room"). */
  readonly elsewhere: readonly Invite[];
}

/** Takes the invitations of other homeservers' people out of a plan: nothing else in it waits for other servers. */
export function divideByServer(plan: Plan, own: ServerName): DividedPlan {
  const isElsewhere = (change: Change): change is Invite =>
    change.kind === 'Invite' && serverNameOf(change.userId) !== own;
  return {
    local: keepChanges(plan, (change) => !isElsewhere(change)),
    elsewhere: plan.changes.filter(isElsewhere),
  };
}

function keepChanges(plan: Plan, isKept: (change: Change) => boolean): Plan {
  const changes = plan.changes.filter(isKept);
  const stages = plan.stages.map((stage) => ({ changes: stage.changes.filter(isKept) }));
  return { ...plan, changes, stages, summary: summarise(changes), digest: digestOf(changes) };
}
