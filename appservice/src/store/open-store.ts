/** Opens the appservice's database and brings its tables up to date. */
import { resolve } from 'node:path';
import { Kysely, type Dialect, type Transaction } from 'kysely';
import { parseDatabaseUrl, type DatabaseLocation, type StoreKind } from './database-location.ts';
import { migrationsFor } from './migrations/index.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import type { Database } from './schema.ts';
import { openSqlite } from './sqlite.ts';
import { messageOf, StoreError } from './store-error.ts';

export interface StoreOptions {
  /** `sqlite:<path>`, `sqlite::memory:` or `postgres://<user>@<host>:<port>/<database>`, without a password. */
  readonly url: string;
  /** PostgreSQL only: the file that holds the password. */
  readonly passwordPath?: string;
  /** Where relative paths start; the working directory unless told. */
  readonly folder?: string;
}

export interface Store {
  readonly db: Kysely<Database>;
  readonly kind: StoreKind;
  /**
   * Commits what `work` wrote, or nothing if it throws. Inside, use the transaction alone: on SQLite there is a single
   * connection, and waiting for `db` within a transaction waits forever.
   */
  transaction<Result>(work: (transaction: Transaction<Database>) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Throws a StoreError, which names the remedy, if the database cannot be reached, read or brought up to date. */
export async function openStore({ url, passwordPath, folder = process.cwd() }: StoreOptions): Promise<Store> {
  const location = parseDatabaseUrl(url, folder);
  const passwordFile = passwordPath === undefined ? undefined : resolve(folder, passwordPath);
  const db = new Kysely<Database>({ dialect: await dialectOf(location, passwordFile) });
  try {
    await requireAnswer(db, location);
    await migrate(db, migrationsFor(location.kind));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    kind: location.kind,
    transaction: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  };
}

async function dialectOf(location: DatabaseLocation, passwordPath: string | undefined): Promise<Dialect> {
  return location.kind === 'sqlite' ? openSqlite(location.path) : openPostgres(location.url, passwordPath);
}

async function requireAnswer(db: Kysely<Database>, location: DatabaseLocation): Promise<void> {
  const name = location.kind === 'sqlite' ? location.path : location.url.href;
  try {
    await db.selectNoFrom((expression) => expression.val(1).as('answer')).execute();
  } catch (cause) {
    throw new StoreError(
      `The database ${name} does not answer: ${messageOf(cause)}.`,
      'Check that it runs, that user and database exist, and that passwordPath names the right password.',
      { cause },
    );
  }
}
