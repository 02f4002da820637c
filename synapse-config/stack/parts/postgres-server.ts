/** A PostgreSQL of the stack's own, with its data in the stack's folder. */
import { execFile } from 'node:child_process';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { keptSecret, readIfPresent, writePrivateFile } from '../files.ts';
import type { ProcessDescription } from '../processes/supervisor.ts';
import { ensurePostgresPrograms, unprivilegedUser, type SystemUser } from '../postgres-programs/postgres-programs.ts';
import { StackError } from '../stack-error.ts';

const runFile = promisify(execFile);

/** Where PostgreSQL answers, and as whom. */
export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** null: the server wants none, or ~/.pgpass has it. */
  readonly password: string | null;
}

export interface PostgresServer {
  readonly process: ProcessDescription;
  readonly connection: PostgresConnection;
}

const superuser = 'landbote';

/** Makes the database cluster in `folder`, unless it is there, and returns the process that serves it. */
export async function preparePostgresServer(
  folder: string,
  port: number,
  onDetail: (text: string) => void,
): Promise<PostgresServer> {
  const binaries = await ensurePostgresPrograms(onDetail);
  const user = await unprivilegedUser();
  await mkdir(folder, { recursive: true });
  const password = await keptSecret(join(folder, 'password'));
  const data = join(folder, 'data');
  if ((await readIfPresent(join(data, 'PG_VERSION'))) === null) await initialise(binaries, data, password, user);
  const connection = { host: '127.0.0.1', port, user: superuser, password };
  return { connection, process: serverProcess(join(binaries, 'postgres'), folder, data, connection, user) };
}

function serverProcess(
  command: string,
  folder: string,
  data: string,
  connection: PostgresConnection,
  user: SystemUser | null,
): ProcessDescription {
  return {
    name: 'postgres',
    command,
    args: [
      '-D',
      data,
      '-p',
      String(connection.port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    cwd: data,
    logPath: join(folder, 'postgres.log'),
    ...(user && { user }),
    // Ends the sessions and stops; SIGTERM would wait for every client to leave by itself.
    stopSignal: 'SIGINT',
    whenReady: (signal) => untilConnects(connection, signal),
  };
}

/** Synapse wants the C collation, so that indices do not depend on the system's locale. */
async function initialise(binaries: string, data: string, password: string, user: SystemUser | null): Promise<void> {
  const passwordFile = `${data}.password`;
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  await writePrivateFile(passwordFile, password);
  if (user) await Promise.all([data, passwordFile].map((path) => chown(path, user.uid, user.gid)));
  const options = [
    '--username',
    superuser,
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--auth',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
  ];
  try {
    await runFile(join(binaries, 'initdb'), ['--pgdata', data, ...options], { cwd: data, ...user });
  } catch (cause) {
    await rm(data, { recursive: true, force: true });
    const reason = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new StackError('PostgreSQL could not make its database cluster.', reason, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

const pauseMs = 100;

async function untilConnects(connection: PostgresConnection, signal: AbortSignal): Promise<void> {
  while (!(await connects(connection))) await pause(pauseMs, undefined, { signal });
}

async function connects({ password, ...connection }: PostgresConnection): Promise<boolean> {
  const client = new Client({ ...connection, database: 'postgres', ...(password !== null && { password }) });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
