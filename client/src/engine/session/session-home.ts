/** Where the one session of this device begins and ends. */
import type { ClientConfig } from '#contract/client-config.ts';
import { databaseName } from '../boot-snapshot.ts';
import { forgetMedia } from '../media/media.ts';
import type { Credentials, Identity, Update } from '../protocol.ts';
import { browserStorage } from '../storage/browser-storage.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { deleteCryptoStore, deleteLeftKeyStores } from './delete-crypto-store.ts';
import { startSession, type RunningSession } from './running-session.ts';
import type { SessionEnd } from './session-api.ts';
import { cryptoDatabasePrefix, sessionRecord, type SessionRecord } from './session-record.ts';
import { signInWithPassword } from './sign-in.ts';

const farewellMsMax = 5_000;

export class SessionHome {
  readonly #configuration: Promise<ClientConfig>;
  readonly #isOnDisk: boolean;
  readonly #listeners = new Set<(update: Update) => void>();
  /** What is stored on this device. */
  #disk: Promise<Storage> | null = null;
  /** Where the running session keeps its things: the disk, or on a shared computer the memory. */
  #storage: Storage | null = null;
  #running: RunningSession | null = null;
  /** Several pages may ask at once; the session is taken up once. */
  #restoring: Promise<Identity | null> | null = null;

  constructor(configuration: Promise<ClientConfig>, isOnDisk: boolean) {
    this.#configuration = configuration;
    this.#isOnDisk = isOnDisk;
  }

  get running(): RunningSession | null {
    return this.#running;
  }

  subscribe(listener: (update: Update) => void): void {
    this.#listeners.add(listener);
  }

  unsubscribe(listener: (update: Update) => void): void {
    this.#listeners.delete(listener);
  }

  async restore(): Promise<Identity | null> {
    if (this.#running) return this.#running.identity;
    this.#restoring ??= this.#takeUp().finally(() => (this.#restoring = null));
    return this.#restoring;
  }

  async signIn(credentials: Credentials): Promise<Identity> {
    const config = await this.#configuration;
    const disk = await this.#onDisk();
    const kept = await sessionRecord(disk).read();
    const record = await signInWithPassword(
      config.homeserverUrl,
      credentials,
      credentials.isSharedComputer ? null : kept,
    );
    if (kept && kept.deviceId !== record.deviceId) await this.#forget(disk, kept);
    const storage = record.isSharedComputer ? memoryStorage() : await this.#onDisk();
    await sessionRecord(storage).write(record);
    return this.#start(storage, record);
  }

  async signOut(): Promise<void> {
    const ended = this.#running;
    if (!ended) return;
    const farewell = Promise.allSettled([
      ended.appservice.endSession(),
      ended.api.request('POST', '/_matrix/client/v3/logout', { body: {}, deadlineMs: farewellMsMax }),
    ]);
    await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, farewellMsMax))]);
    await this.#clear();
    this.#emit({ type: 'session-ended' });
  }

  async #takeUp(): Promise<Identity | null> {
    const disk = await this.#onDisk();
    const record = await sessionRecord(disk).read();
    if (this.#isOnDisk) void deleteLeftKeyStores(record && cryptoDatabasePrefix(record)).catch(() => undefined);
    return record ? this.#start(disk, record) : null;
  }

  async #start(storage: Storage, record: SessionRecord): Promise<Identity> {
    const config = await this.#configuration;
    this.#running?.stop();
    this.#storage = storage;
    this.#running = await startSession(record, {
      config,
      storage,
      emit: (update) => this.#emit(update),
      onEnd: (end) => void this.#end(end),
    });
    return this.#running.identity;
  }

  async #end(end: SessionEnd): Promise<void> {
    if (end === 'hard') await this.#clear();
    else this.#stop();
    this.#emit({ type: 'session-ended' });
  }

  #stop(): void {
    this.#running?.stop();
    this.#running = null;
  }

  async #clear(): Promise<void> {
    const [storage, record] = [this.#storage, this.#running?.record];
    this.#stop();
    if (storage && record) await this.#forget(storage, record);
  }

  /** Leaves nothing of a session on this device. */
  async #forget(storage: Storage, record: SessionRecord): Promise<void> {
    await storage.destroy();
    this.#disk = null;
    if (!this.#isOnDisk) return;
    await Promise.all([deleteCryptoStore(cryptoDatabasePrefix(record)), forgetMedia()]);
  }

  #onDisk(): Promise<Storage> {
    this.#disk ??= this.#isOnDisk ? browserStorage(databaseName) : Promise.resolve(memoryStorage());
    return this.#disk;
  }

  #emit(update: Update): void {
    for (const listener of this.#listeners) listener(update);
  }
}
