/**
 * One connection to the homeserver through matrix-appservice-bridge: the bridge gives intents (who speaks) and takes
 * pushed events. It keeps no store of its own and listens on no port: transactions arrive at our own listener, are
 * stored, and only then handed to it (docs/adr/0004).
 */
import { EventEmitter } from 'node:events';
import { AppServiceRegistration, Bridge, Logger } from 'matrix-appservice-bridge';
import type { Intent } from 'matrix-appservice-bridge';
import type { ServerName, UserId } from '#contract/ids.ts';
import type { Registration } from './registration.ts';

/** An event as the homeserver pushed it: a hint that something changed, nothing more. */
export interface PushedEvent {
  readonly type: string;
  readonly room_id: string;
  readonly [key: string]: unknown;
}

export interface BridgeOptions {
  readonly serverName: ServerName;
  readonly homeserverUrl: string;
  readonly registration: Registration;
  readonly onEvent: (event: PushedEvent) => void;
  readonly onLog: (text: string, isError: boolean) => void;
}

export interface BridgeConnection {
  /** Speaks as `userId`, or as the registration's own user. */
  intent(userId?: UserId): Intent;
  /** Hands stored events over, in their order. */
  push(events: readonly PushedEvent[]): void;
  close(): Promise<void>;
}

/** What the bridge takes for its listener: it only has to emit events. */
class StoredTransactions extends EventEmitter {
  listen(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

export async function connectBridge(options: BridgeOptions): Promise<BridgeConnection> {
  Logger.configure({ console: 'off' });
  const bridge = new Bridge({
    homeserverUrl: options.homeserverUrl,
    domain: options.serverName,
    registration: registrationOf(options.registration),
    disableStores: true,
    escapeUserIds: false,
    // What our own bot did is a hint like any other: somebody else may have used its account.
    suppressEcho: false,
    logRequestOutcome: false,
    // Room version 12: a creator's power is not in the power levels, and the bridge's check would not see it.
    intentOptions: { bot: { dontCheckPowerLevel: true, dontJoin: true } },
    controller: {
      onEvent: (request) => options.onEvent({ ...request.getData() }),
      onLog: options.onLog,
    },
  });
  const transactions = new StoredTransactions();
  await bridge.initialise();
  // The bridge declares the whole AppService class here, of which it uses these two methods and the events.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  await bridge.listen(0, '127.0.0.1', 1, transactions as unknown as Parameters<Bridge['listen']>[3]);
  return {
    intent: (userId) => bridge.getIntent(userId),
    push: (events) => events.forEach((event) => transactions.emit('event', event)),
    close: () => bridge.close(),
  };
}

function registrationOf(registration: Registration): AppServiceRegistration {
  const parsed = AppServiceRegistration.fromObject({ ...registration, url: registration.url ?? '' });
  if (parsed === null) throw new Error(`The bridge does not take the registration ${registration.id}.`);
  return parsed;
}
