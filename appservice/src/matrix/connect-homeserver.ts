/** Both registrations of one homeserver, connected. */
import type { Logger } from 'pino';
import type { ServerName } from '#contract/ids.ts';
import { connectBridge, type BridgeConnection, type PushedEvent } from './bridge.ts';
import { readClosedAccounts } from './closed-accounts.ts';
import { createDeliveryLedger, type DeliveryLedger } from './delivery-ledger.ts';
import { createGroupJoiner } from './group-joiner.ts';
import { createHomeserver } from './homeserver-adapter.ts';
import type { Homeserver } from './ports.ts';
import { createOwnEvents } from './own-events.ts';
import type { Registration } from './registration.ts';
import { readSurvey, type Survey } from './survey.ts';

export interface ConnectionOptions {
  readonly serverName: ServerName;
  readonly homeserverUrl: string;
  readonly registrations: { readonly provisioner: Registration; readonly people: Registration };
  /** Where our modules listen; null: people are joined one by one, and of deliveries and rooms nothing is known. */
  readonly memberships: { readonly url: string; readonly token: string } | null;
  /** Called for every event but the state events that this connection has sent itself. */
  readonly onEvent: (event: PushedEvent) => void;
  readonly logger: Logger;
  /** Aborted when nobody waits for answers any more: requests under way fail at once. */
  readonly abandoned: AbortSignal;
}

export interface HomeserverConnection {
  readonly homeserver: Homeserver;
  /** The provisioning bot's side, which takes pushed events. */
  readonly bot: BridgeConnection;
  readonly deliveries: DeliveryLedger;
  /** What the homeserver has, whoever made it. Throws a HomeserverError if it does not say. */
  readonly survey: () => Promise<Survey>;
  close(): Promise<void>;
}

/** Sends nothing to the homeserver yet. */
export async function connectHomeserver(options: ConnectionOptions): Promise<HomeserverConnection> {
  const { serverName, homeserverUrl, registrations, memberships, logger, abandoned } = options;
  const shared = {
    serverName,
    homeserverUrl,
    onLog: (text: string, isError: boolean) =>
      isError ? logger.warn({ text }, 'bridge') : logger.debug({ text }, 'bridge'),
  };
  const listener = memberships && { ...memberships, abandoned };
  const ownEvents = createOwnEvents();
  const onEvent = (event: PushedEvent): void => {
    if (!ownEvents.has(event['event_id'])) options.onEvent(event);
  };
  const bot = await connectBridge({ ...shared, registration: registrations.provisioner, onEvent });
  // Nothing is pushed to this registration: it only joins people and reads their invitations.
  const people = await connectBridge({ ...shared, registration: registrations.people, onEvent: () => undefined });
  return {
    homeserver: {
      ...createHomeserver(bot, people, { abandoned, ownEvents }),
      closedAccounts: () => readClosedAccounts(listener),
      joinTogether: memberships && createGroupJoiner({ ...memberships, logger, abandoned }),
    },
    bot,
    deliveries: createDeliveryLedger(listener),
    survey: () => readSurvey(listener),
    async close() {
      await Promise.all([bot.close(), people.close()]);
    },
  };
}
