import type { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import { openStore } from '#appservice/store/open-store.ts';
import type { Database } from '#appservice/store/schema.ts';

/** A database of its own for one test, in memory, with the real tables. */
export async function openTestDatabase(): Promise<Kysely<Database>> {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  return store.db;
}
