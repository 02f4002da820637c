/** Runs the migrations that a database has not seen yet, all in one transaction. */
import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { Database } from './schema.ts';
import { messageOf, StoreError } from './store-error.ts';

/** By name; run in alphabetical order. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Leaves the database as it was and throws a StoreError if one fails, or if the database is newer than this program. */
export async function migrate(db: Kysely<Database>, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw new StoreError(
    `The tables of the database could not be brought up to date: ${messageOf(error)}.`,
    'Nothing was changed. If a newer version of the appservice has used this database, run that version.',
    { cause: error },
  );
}
