/** The copy of a homeserver's database, with SQLite or PostgreSQL as the original. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { z } from 'zod';
import type { HomeserverConfig } from '../../../../synapse-config/homeserver/render.ts';
import { copyPostgresDatabase, dropPostgresDatabase, type PostgresDatabase } from './postgres-copy.ts';
import { copySqliteFile } from './sqlite-copy.ts';

/** `database` of a homeserver.yaml. */
export const databaseSectionSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('sqlite3'), args: z.object({ database: z.string() }) }),
  z.object({
    name: z.literal('psycopg2'),
    args: z.looseObject({
      host: z.string(),
      port: z.int(),
      user: z.string(),
      dbname: z.string(),
      passfile: z.string().optional(),
    }),
  }),
]);
type DatabaseSection = z.infer<typeof databaseSectionSchema>;

export interface DatabaseCopy {
  readonly kind: 'sqlite' | 'postgres';
  /** What the copy's homeserver.yaml says of it. */
  readonly section: HomeserverConfig;
  /** Runs one statement, past the homeserver, and answers its rows. */
  query(statement: string): Promise<readonly unknown[]>;
  drop(): Promise<void>;
}

/** @param folder where the copy's files go */
export async function copyDatabase(original: DatabaseSection, folder: string): Promise<DatabaseCopy> {
  if (original.name === 'psycopg2') return copyInPostgres(original);
  const path = join(folder, 'homeserver.db');
  await copySqliteFile(original.args.database, path);
  return {
    kind: 'sqlite',
    section: { name: 'sqlite3', args: { database: path } },
    query: async (statement) => queryFile(path, statement),
    drop: async () => undefined,
  };
}

function queryFile(path: string, statement: string): readonly unknown[] {
  const database = new Database(path);
  try {
    const prepared = database.prepare(statement);
    if (prepared.reader) return prepared.all();
    prepared.run();
    return [];
  } finally {
    database.close();
  }
}

async function copyInPostgres({ args }: Extract<DatabaseSection, { name: 'psycopg2' }>): Promise<DatabaseCopy> {
  const { host, port, user, dbname: database, passfile } = args;
  const copy = await copyPostgresDatabase({ host, port, user, database, password: await passwordBeside(passfile) });
  return {
    kind: 'postgres',
    section: { name: 'psycopg2', args: { ...args, dbname: copy.database } },
    query: (statement) => queryServer(copy, statement),
    drop: () => dropPostgresDatabase(copy),
  };
}

/** The stack keeps the password twice, side by side: as libpq reads it, and alone (stack/parts/postgres-databases.ts). */
async function passwordBeside(passfile: string | undefined): Promise<string | null> {
  return passfile === undefined ? null : readFile(join(dirname(passfile), 'password'), 'utf8');
}

async function queryServer({ password, ...where }: PostgresDatabase, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ ...where, ...(password !== null && { password }) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
