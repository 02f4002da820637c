import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore, type Store, type StoreOptions } from '#appservice/store/open-store.ts';
import { startPostgres, type TestPostgres } from '#test/harness/postgres.ts';
import { acquireLease, LeaseLostError } from './lease.ts';

let folder: string;
let postgres: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-lease-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const databases: Record<Store['kind'], () => Promise<StoreOptions>> = {
  sqlite: async () => ({ url: 'sqlite:lease.db', folder }),
  postgres: async () => ({ url: await postgres.createDatabase(), passwordPath: postgres.passwordPath }),
};

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  let options: StoreOptions;

  beforeAll(async () => {
    options = await databases[kind]();
  });

  /** An instance of its own, with its own connections. */
  async function open(): Promise<Store> {
    const store = await openStore(options);
    onTestFinished(() => store.close());
    return store;
  }

  test('only one instance leads; the other waits until that one is done', async () => {
    const [one, other] = [await open(), await open()];
    const lease = await acquireLease(one);
    const waits = Promise.withResolvers<void>();
    const next = acquireLease(other, async () => waits.resolve());
    await waits.promise;
    await one.transaction(lease.requireHeld);
    await lease.release();
    const taken = await next;
    await other.transaction(taken.requireHeld);
    await taken.release();
  });

  test('an instance that stopped answering may change nothing once another one leads', async () => {
    const [one, other] = [await open(), await open()];
    const lease = await acquireLease(one);
    await other.db.updateTable('lease').set({ expires_at: 0 }).execute();
    const taken = await acquireLease(other);
    await expect(one.transaction(lease.requireHeld)).rejects.toThrow(LeaseLostError);
    expect(lease.lost.aborted).toBe(true);
    await lease.release();
    await other.transaction(taken.requireHeld);
    await taken.release();
  });

  test('an instance that slept past the end of its lease goes on if nobody took it', async () => {
    const store = await open();
    const lease = await acquireLease(store);
    await store.db.updateTable('lease').set({ expires_at: 0 }).execute();
    await store.transaction(lease.requireHeld);
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
  });
});
