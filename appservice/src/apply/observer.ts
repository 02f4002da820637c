/** Looks at the homeserver and says what leads from there to a declaration. */
import type { Organisation } from '#contract/organisation.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { observedOf, readDesired, readWorld, type World, type WorldOptions } from './world.ts';

export interface Observer {
  /** Looks at everything. Throws if the homeserver cannot be read. */
  look(organisation: Organisation): Promise<World>;
  /** What leads from `world` to `organisation`. */
  planFor(organisation: Organisation, world: World): Promise<Plan>;
}

export function createObserver(options: WorldOptions): Observer {
  return {
    look: (organisation) => readWorld(organisation, options),
    async planFor(organisation, world) {
      const desired = await readDesired(organisation, world, options);
      return computePlan(desired, await observedOf(world, desired, options), options.bot, options.gates);
    },
  };
}
