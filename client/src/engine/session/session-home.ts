/** Where the one session of this device begins and ends. */
import type { ClientConfig } from '#contract/client-config.ts';
import { databaseName } from '../boot-snapshot.ts';
import { forgetMedia } from '../media/media.ts';
import { onceItSucceeds } from '../once-it-succeeds.ts';
import type { Credentials, Identity, Update } from '../protocol.ts';
import { deviceStorage } from '../storage/device-storage.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { clearSite } from './clear-site.ts';
import { deleteCryptoStore, deleteLeftKeyStores } from './delete-crypto-store.ts';
import { startSession, type RunningSession } from './running-session.ts';
import type { SessionEnd } from './session-api.ts';
import { cryptoDatabasePrefix, sessionRecord, type SessionRecord } from './session-record.ts';
import { removeDevice } from './remove-device.ts';
import { signInWithPassword } from './sign-in.ts';

const farewellMsMax = 5_000;

export class SessionHome {
  readonly #configuration: () => Promise<ClientConfig>;
  readonly #isOnDisk: boolean;
  /** Pages that are looked at. */
  readonly #watching = new Set<symbol>();
  readonly #listeners = new Set<(update: Update) => void>();
  /** What is stored on this device. */
  #onDisk: () => Promise<Storage>;
  /** Where the running session keeps its things: the disk, or on a shared computer the memory. */
  #storage: Storage | null = null;
  #running: RunningSession | null = null;
  /** Once in the engine's life: a session that ended here must not come back. */
  #takeUpOnce = onceItSucceeds(() => this.#takeUp());

  constructor(configuration: () => Promise<ClientConfig>, isOnDisk: boolean) {
    this.#configuration = configuration;
    this.#isOnDisk = isOnDisk;
    this.#onDisk = this.#disk();
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

  /** @param seat stands for the page */
  setWatched(seat: symbol, isWatched: boolean): void {
    if (isWatched) this.#watching.add(seat);
    else this.#watching.delete(seat);
    if (isWatched) this.#running?.hurry();
  }

  async restore(): Promise<Identity | null> {
    await this.#takeUpOnce();
    if (this.#isOnDisk && !(await this.#onDisk()).isKept) this.#emit({ type: 'nothing-kept' });
    return this.#running?.identity ?? null;
  }

  async signIn(credentials: Credentials): Promise<Identity> {
    await this.#leaveStored();
    const config = await this.#configuration();
    const disk = await this.#onDisk();
    const kept = await sessionRecord(disk).read();
    // A browser that keeps nothing is used as a shared computer is.
    const isSharedComputer = credentials.isSharedComputer || (this.#isOnDisk && !disk.isKept);
    const record = await signInWithPassword(
      config.homeserverUrl,
      { ...credentials, isSharedComputer },
      isSharedComputer ? null : kept,
    );
    if (kept && kept.deviceId !== record.deviceId) await this.#forget(disk, kept);
    const storage = record.isSharedComputer ? memoryStorage() : await this.#onDisk();
    await sessionRecord(storage).write(record);
    const identity = await this.#start(storage, record);
    if (this.#running) this.#emit({ type: 'drafts', drafts: await this.#running.drafts.kept() });
    if (credentials.lostDeviceId !== null) void this.#removeLost(credentials.lostDeviceId, credentials.password);
    return identity;
  }

  async signOut(): Promise<void> {
    await this.#leaveStored();
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

  /** Its keys are gone. What does not succeed, the person does among the own devices, or nobody. */
  async #removeLost(deviceId: string, password: string): Promise<void> {
    const session = this.#running;
    if (!session || session.identity.deviceId === deviceId) return;
    await removeDevice(session.api, session.identity.userId, deviceId, password).catch(() => undefined);
  }

  /** From now on nothing is taken up: waits for what may be under way. */
  async #leaveStored(): Promise<void> {
    await this.#takeUpOnce().catch(() => undefined);
    this.#takeUpOnce = async () => undefined;
  }

  async #takeUp(): Promise<void> {
    const disk = await this.#onDisk();
    const record = await sessionRecord(disk).read();
    if (this.#isOnDisk) void deleteLeftKeyStores(record && cryptoDatabasePrefix(record)).catch(() => undefined);
    if (record) await this.#start(disk, record);
  }

  async #start(storage: Storage, record: SessionRecord): Promise<Identity> {
    const config = await this.#configuration();
    this.#running?.stop();
    this.#storage = storage;
    this.#running = await startSession(record, {
      config,
      storage,
      isWatched: () => this.#watching.size > 0,
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
    this.#onDisk = this.#disk();
    if (!this.#isOnDisk) return;
    await Promise.all([deleteCryptoStore(cryptoDatabasePrefix(record)), forgetMedia()]);
    await clearSite();
  }

  #disk(): () => Promise<Storage> {
    return onceItSucceeds(async () => (this.#isOnDisk ? deviceStorage(databaseName) : memoryStorage()));
  }

  #emit(update: Update): void {
    for (const listener of this.#listeners) listener(update);
  }
}
