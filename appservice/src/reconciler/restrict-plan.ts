import type { Plan } from './plan.ts';
import { digestOf } from './plan.ts';
import { summarise } from './summary.ts';

/** The part of a plan that concerns some addresses. What the gates refuse, they refuse for the part as well. */
export function restrictPlan(plan: Plan, addresses: ReadonlySet<string>): Plan {
  const changes = plan.changes.filter(({ address }) => addresses.has(address));
  const stages = plan.stages.map((stage) => ({
    changes: stage.changes.filter(({ address }) => addresses.has(address)),
  }));
  return { ...plan, changes, stages, summary: summarise(changes), digest: digestOf(changes) };
}
