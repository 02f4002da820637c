/** Copies of databases in PostgreSQL, beside the original in the same server, by PostgreSQL's own programs. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePostgresPrograms } from '#stack/postgres-programs/postgres-programs.ts';

const runFile = promisify(execFile);

export interface PostgresDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** null: the server wants none, or ~/.pgpass has it. */
  readonly password: string | null;
}

/**
 * `pg_dump` reads one snapshot, so the copy is consistent although the original goes on writing. (A database as
 * template of another one must not be in use.)
 */
export async function copyPostgresDatabase(original: PostgresDatabase): Promise<PostgresDatabase> {
  const copy = { ...original, database: `copy_${randomUUID().replaceAll('-', '')}` };
  const dump = join(tmpdir(), copy.database);
  try {
    await runProgram('pg_dump', original, ['--format=custom', `--file=${dump}`, original.database]);
    await runProgram('createdb', copy, ['--template=template0', '--encoding=UTF8', '--locale=C', copy.database]);
    await runProgram('pg_restore', copy, ['--exit-on-error', '--no-owner', `--dbname=${copy.database}`, dump]);
  } finally {
    await rm(dump, { force: true });
  }
  return copy;
}

export async function dropPostgresDatabase(copy: PostgresDatabase): Promise<void> {
  await runProgram('dropdb', copy, ['--force', copy.database]);
}

async function runProgram(
  program: string,
  { host, port, user, password }: PostgresDatabase,
  operands: readonly string[],
): Promise<void> {
  const binaries = await ensurePostgresPrograms(() => undefined);
  const server = [`--host=${host}`, `--port=${port}`, `--username=${user}`, '--no-password'];
  const env = { ...process.env, ...(password !== null && { PGPASSWORD: password }) };
  await runFile(join(binaries, program), [...server, ...operands], { env });
}
