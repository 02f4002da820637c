/** A PostgreSQL of the stack's own: found on the machine, with its data in the stack's folder. */
import { execFile } from 'node:child_process';
import { access, chown, constants, mkdir, readdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { keptSecret, readIfPresent, writePrivateFile } from '../files.ts';
import type { ProcessDescription } from '../processes/supervisor.ts';
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

interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const superuser = 'landbote';
const packageFolders = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt'];

/** Makes the database cluster in `folder`, unless it is there, and returns the process that serves it. */
export async function preparePostgresServer(folder: string, port: number): Promise<PostgresServer> {
  const binaries = await findPostgres();
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

/** The folder with `initdb` and `postgres`: from the PATH, else the newest that a package installed. */
async function findPostgres(): Promise<string> {
  const fromPath = (process.env['PATH'] ?? '').split(delimiter);
  const fromPackages = await Promise.all(packageFolders.map(versionFolders));
  for (const folder of [...fromPath, ...fromPackages.flat()]) {
    if (await hasServer(folder)) return folder;
  }
  throw new StackError(
    'PostgreSQL was not found on this machine.',
    'Install it (Debian, Ubuntu: apt install postgresql), point to one with --postgres=postgres://user@host:5432/, or leave out --postgres.',
  );
}

async function versionFolders(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const newestFirst = names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return newestFirst.map((name) => join(folder, name, 'bin'));
}

async function hasServer(folder: string): Promise<boolean> {
  const programs = ['initdb', 'postgres'].map((name) => access(join(folder, name), constants.X_OK));
  return Promise.all(programs).then(
    () => true,
    () => false,
  );
}

/** PostgreSQL refuses to run as root. null: this process is not root and can run it itself. */
async function unprivilegedUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const user = await systemUser(name);
    if (user) return user;
  }
  throw new StackError(
    'PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.',
    'Start as another user.',
  );
}

async function systemUser(name: string): Promise<SystemUser | null> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await runFile('id', [flag, name])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
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
