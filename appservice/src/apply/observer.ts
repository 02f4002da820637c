/** Looks at the homeserver and says what leads from there to a declaration. */
import type { Organisation } from '#contract/organisation.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { checkRenames } from '../reconciler/rename-gate.ts';
import { observedOf, readDesired, readWorld, type World, type WorldOptions } from './world.ts';

export interface Observer {
  /** Looks at everything. Throws if the homeserver cannot be read. */
  look(organisation: Organisation): Promise<World>;
  /** What leads from `world` to `organisation`. `inForce`: what that would replace. */
  planFor(organisation: Organisation, world: World, inForce: Organisation): Promise<Plan>;
}

export function createObserver(options: WorldOptions): Observer {
  return {
    look: (organisation) => readWorld(organisation, options),
    async planFor(organisation, world, inForce) {
      const desired = await readDesired(organisation, world, options);
      const plan = computePlan(desired, await observedOf(world, desired, options), options.bot, options.gates);
      return { ...plan, refusals: [...plan.refusals, ...checkRenames(inForce, organisation)] };
    },
  };
}
