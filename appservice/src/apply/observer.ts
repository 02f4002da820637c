/** Looks at the homeserver and remembers what it saw, so that a hint about one room needs no look at all of them. */
import type { RoomId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { observedOf, readAgain, readDesired, readWorld, type World, type WorldOptions } from './world.ts';

export interface Sight {
  readonly world: World;
  /** The addresses that were looked at; undefined: everything was. */
  readonly addresses: ReadonlySet<string> | undefined;
}

export interface Observer {
  /** Looks at everything, or only at `roomIds` if the rest is remembered. Throws if the homeserver cannot be read. */
  look(organisation: Organisation, roomIds?: ReadonlySet<RoomId>): Promise<Sight>;
  /** What was seen is no longer so; the next look, whatever leads to it, begins anew. */
  forget(): void;
  /** What leads from `world` to `organisation`. */
  planFor(organisation: Organisation, world: World): Promise<Plan>;
}

export function createObserver(options: WorldOptions): Observer {
  let remembered: World | null = null;
  return {
    async look(organisation, roomIds) {
      if (roomIds === undefined || remembered === null) {
        remembered = await readWorld(organisation, options);
        return { world: remembered, addresses: undefined };
      }
      remembered = await readAgain(remembered, roomIds, organisation, options);
      return { world: remembered, addresses: addressesOf(remembered, roomIds) };
    },
    forget() {
      remembered = null;
    },
    async planFor(organisation, world) {
      const desired = await readDesired(organisation, world, options);
      return computePlan(desired, await observedOf(world, desired, options), options.bot);
    },
  };
}

function addressesOf({ rooms }: World, roomIds: ReadonlySet<RoomId>): Set<string> {
  return new Set(rooms.filter(({ roomId }) => roomIds.has(roomId)).map(({ address }) => address));
}
