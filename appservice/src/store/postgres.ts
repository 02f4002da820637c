/** PostgreSQL through pg: the database of production. */
import { readFile } from 'node:fs/promises';
import { Pool, TypeOverrides, types as pgTypes, type CustomTypesConfig } from 'pg';
import { PostgresDialect, type Dialect } from 'kysely';
import { messageOf, StoreError } from './store-error.ts';

const connectionTimeoutMs = 10_000;
const connectionsMax = 10;

/** `passwordPath`: file that holds the password and nothing else but a line end. Throws a StoreError if it is unreadable. */
export async function openPostgres(url: URL, passwordPath: string | undefined): Promise<Dialect> {
  const pool = new Pool({
    connectionString: passwordPath === undefined ? url.href : withPassword(url, await readPassword(passwordPath)),
    application_name: 'landbote',
    max: connectionsMax,
    connectionTimeoutMillis: connectionTimeoutMs,
    types: numbersForBigints(),
  });
  // The pool replaces a connection that breaks while idle, and the next query reports a database that is away.
  // Without a listener the event would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}

async function readPassword(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new StoreError(
      `The password file ${path} of the database cannot be read: ${messageOf(cause)}.`,
      'Write the password into that file and make it readable for the appservice alone (mode 0600).',
      { cause },
    );
  }
}

/** In memory only. What stands in a connection string wins over pg's own setting, even an absent password. */
function withPassword(url: URL, password: string): string {
  const complete = new URL(url);
  complete.password = encodeURIComponent(password);
  return complete.href;
}

/** Times in milliseconds and counts are int8, which pg hands over as text otherwise. For this pool only. */
function numbersForBigints(): CustomTypesConfig {
  const types = new TypeOverrides();
  types.setTypeParser(pgTypes.builtins.INT8, (text: string) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError(`The database holds ${text}, beyond the exact integers.`);
    return value;
  });
  return types;
}
