/** SQLite through better-sqlite3: the embedded database of small deployments and of tests. */
import { closeSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { SqliteAdapter, SqliteDialect, SqliteDriver, type DatabaseConnection, type Dialect, type Driver } from 'kysely';
import { memoryPath } from './database-location.ts';
import { messageOf, StoreError } from './store-error.ts';

const busyTimeoutMs = 5_000;

/** SQLite does change tables within transactions; Kysely's own adapter leaves that unused. */
class TransactionalMigrationsAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** When the disk is full SQLite takes a transaction back by itself; a second time would hide why. */
class RollbackOnceDriver extends SqliteDriver {
  readonly #database: Sqlite.Database;

  constructor(database: Sqlite.Database) {
    super({ database });
    this.#database = database;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

class EmbeddedDialect extends SqliteDialect {
  readonly #database: Sqlite.Database;

  constructor(database: Sqlite.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new RollbackOnceDriver(this.#database);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalMigrationsAdapter();
  }
}

/**
 * One connection, for which transactions queue: Kysely holds a mutex for dialects of a single connection.
 * Throws a StoreError if the file cannot be opened.
 */
export function openSqlite(path: string): Dialect {
  try {
    return new EmbeddedDialect(openDatabase(path));
  } catch (cause) {
    throw new StoreError(
      `The database ${path} cannot be opened: ${messageOf(cause)}.`,
      'Check that its folder exists, that the appservice may write there, and that the file is a SQLite database.',
      { cause },
    );
  }
}

function openDatabase(path: string): Sqlite.Database {
  // Names of people are in there: made for its owner alone. SQLite gives its side files the same permissions.
  if (path !== memoryPath) closeSync(openSync(path, 'a', 0o600));
  const database = new Sqlite(path, { timeout: busyTimeoutMs });
  database.pragma('journal_mode = WAL');
  // FULL: what is committed survives a power failure, too. An audit row must never be lost after its fact.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  return database;
}
