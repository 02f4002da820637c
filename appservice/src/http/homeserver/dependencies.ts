import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Database } from '#appservice/store/schema.ts';
import type { Wall } from '#appservice/wall/wall.ts';
import type { PushedEvent } from './pushed-event.ts';

export interface HomeserverAppDependencies {
  /** `hs_token` of the provisioner's registration: what the homeserver proves itself with. */
  readonly homeserverToken: string;
  /** Token of the policy module. */
  readonly wallToken: string;
  readonly wall: Wall;
  readonly database: Kysely<Database>;
  /** Called with new events after they are stored and answered: a hint to look again, nothing more. */
  readonly eventsArrived: (events: readonly PushedEvent[]) => void;
  readonly metrics: Registry;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
