/** The databases of a stack in a PostgreSQL server: one for each homeserver, one for each appservice. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { writePrivateFile } from '../files.ts';
import type { StackServer } from '../servers.ts';
import { StackError } from '../stack-error.ts';
import type { Databases } from './database.ts';
import type { PostgresConnection } from './postgres-server.ts';

/** Reads a URL such as postgres://user:password@host:5432/. Host, port and user have PostgreSQL's usual defaults. */
export function parsePostgresUrl(text: string): PostgresConnection {
  const url = new URL(text);
  return {
    host: url.hostname || '127.0.0.1',
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username) || 'postgres',
    password: url.password === '' ? null : decodeURIComponent(url.password),
  };
}

/**
 * @param folder where the password is kept for the processes that connect
 * @param reset drops what earlier starts left
 */
export async function postgresDatabases(
  connection: PostgresConnection,
  folder: string,
  reset: boolean,
): Promise<Databases> {
  const { host, port, user } = connection;
  const files = await writePasswordFiles(connection, folder);
  return {
    async homeserver(server) {
      const name = databaseName('synapse', server);
      await ensureDatabase(connection, name, reset);
      return { kind: 'postgres', host, port, name, user, passwordFilePath: files?.libpq ?? null };
    },
    async appservice(server) {
      const name = databaseName('appservice', server);
      await ensureDatabase(connection, name, reset);
      const databaseUrl = `postgres://${encodeURIComponent(user)}@${host}:${port}/${name}`;
      return { databaseUrl, databasePasswordPath: files?.plain ?? null };
    },
  };
}

function databaseName(part: string, { name }: StackServer): string {
  return `${part}_${name.replaceAll(/[.-]/g, '_')}`;
}

/** Creates the database as Synapse wants it: UTF-8 and the C collation. Throws a StackError if the server refuses. */
async function ensureDatabase(connection: PostgresConnection, name: string, reset: boolean): Promise<void> {
  const { password, ...where } = connection;
  const client = new Client({ ...where, database: 'postgres', ...(password !== null && { password }) });
  try {
    await client.connect();
    if (reset) await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(creationOf(client.escapeIdentifier(name)));
  } catch (cause) {
    throw new StackError(
      `PostgreSQL at ${where.host}:${where.port} refused: ${cause instanceof Error ? cause.message : String(cause)}`,
      `Check address and password, and that the user ${where.user} may create databases.`,
      { cause },
    );
  } finally {
    await client.end();
  }
}

function creationOf(identifier: string): string {
  return `CREATE DATABASE ${identifier} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`;
}

interface PasswordFiles {
  /** `.pgpass` format, for Synapse's libpq. */
  readonly libpq: string;
  /** The password alone, for the appservice. */
  readonly plain: string;
}

async function writePasswordFiles({ password }: PostgresConnection, folder: string): Promise<PasswordFiles | null> {
  if (password === null) return null;
  const files = { libpq: join(folder, 'pgpass'), plain: join(folder, 'password') };
  await mkdir(folder, { recursive: true });
  await writePrivateFile(files.libpq, `*:*:*:*:${password.replaceAll(/[\\:]/g, '\\$&')}\n`);
  await writePrivateFile(files.plain, password);
  return files;
}
