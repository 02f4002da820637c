/** Builds and starts the Matrix client of one session. */
import { createClient, MemoryStore, PendingEventOrdering, type MatrixClient } from 'matrix-js-sdk/lib/matrix.js';
import { quietLogger } from './log.ts';
import { sendingScheduler } from './sending-scheduler.ts';
import { cryptoDatabasePrefix, type SessionRecord } from './session-record.ts';

/** Messages per room in the first sync: enough for a preview and the first screen of most rooms. */
const initialMessages = 20;

/** A client without a session: enough to sign in. */
export function anonymousClient(homeserverUrl: string): MatrixClient {
  return createClient({ baseUrl: homeserverUrl, logger: quietLogger, disableVoip: true });
}

export function sessionClient(homeserverUrl: string, record: SessionRecord): MatrixClient {
  return createClient({
    baseUrl: homeserverUrl,
    userId: record.userId,
    deviceId: record.deviceId,
    accessToken: record.accessToken,
    store: new MemoryStore(),
    scheduler: sendingScheduler(),
    logger: quietLogger,
    timelineSupport: false,
    disableVoip: true,
  });
}

/**
 * Opens the store of message keys. Keys of what we send go to every device of every member: leaving out devices
 * that nobody has verified yet would make messages unreadable for whole stations.
 */
export async function startEncryption(client: MatrixClient, record: SessionRecord): Promise<void> {
  await client.initRustCrypto({
    cryptoDatabasePrefix: cryptoDatabasePrefix(record),
    storageKey: new Uint8Array(record.storageKey),
  });
}

export async function startSync(client: MatrixClient): Promise<void> {
  await client.startClient({
    initialSyncLimit: initialMessages,
    lazyLoadMembers: true,
    disablePresence: true,
    pendingEventOrdering: PendingEventOrdering.Detached,
    threadSupport: false,
  });
}
