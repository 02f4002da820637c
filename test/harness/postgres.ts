/**
 * A throw-away PostgreSQL for tests: own data folder, loopback only, password from a file. Its data survive neither
 * `stop()` nor a power failure (fsync is off).
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import {
  ensurePostgresPrograms,
  unprivilegedUser,
  type SystemUser,
} from '#stack/postgres-programs/postgres-programs.ts';
import { startOrphanGuard } from '#stack/processes/orphan-guard.ts';

export interface TestPostgres {
  /** Of the database `postgres`, whose user may create others. Without the password. */
  readonly url: string;
  /** The file that holds the password. */
  readonly passwordPath: string;
  /** Creates an empty database (UTF-8, collation C, as Synapse wants it) and answers its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const readyLine = 'database system is ready to accept connections';

/** Throws with the remedy if this machine has no PostgreSQL and can get none. */
export async function startPostgres(): Promise<TestPostgres> {
  const binaries = await ensurePostgresPrograms(() => undefined);
  const user = await unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'landbote-postgres-'));
  const passwordPath = join(folder, 'password');
  // Signs that mean something in URLs: a program that puts the password into one must encode it.
  const password = `${randomBytes(24).toString('base64url')}%41@:/?#ß`;
  await writeFile(passwordPath, password, { mode: 0o600 });
  if (user !== null) for (const path of [folder, passwordPath]) await chown(path, user.uid, user.gid);
  const port = await freePort();
  await run(join(binaries, 'initdb'), initialisation(folder), { cwd: folder, ...user });
  const stopServer = await startServer(join(binaries, 'postgres'), serverArguments(folder, port), folder, user);
  const url = `postgres://landbote@127.0.0.1:${port}/postgres`;
  let databases = 0;
  return {
    url,
    passwordPath,
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await createDatabase(port, password, name);
      return url.replace(/postgres$/, name);
    },
    async stop() {
      await stopServer();
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The probe got no port.');
  return address.port;
}

function initialisation(folder: string): string[] {
  const access = ['--username=landbote', `--pwfile=${join(folder, 'password')}`, '--auth=scram-sha-256'];
  return [`--pgdata=${join(folder, 'data')}`, ...access, '--encoding=UTF8', '--no-locale', '--no-sync'];
}

function serverArguments(folder: string, port: number): string[] {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  return ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])];
}

/** Resolves when the server takes connections, to the function that ends it. */
async function startServer(
  command: string,
  args: readonly string[],
  cwd: string,
  user: SystemUser | null,
): Promise<() => Promise<void>> {
  const guard = startOrphanGuard();
  const server = spawn(command, args, { cwd, ...user, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(server, 'exit');
  if (server.pid !== undefined) guard.watch(server.pid);
  await untilReady(server);
  return async () => {
    // SIGINT: open connections are ended, too ("fast shutdown").
    server.kill('SIGINT');
    await exited;
    guard.dismiss();
  };
}

function untilReady(server: ChildProcess): Promise<void> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${lines.join('\n')}`)));
    if (server.stderr === null) return;
    createInterface(server.stderr).on('line', (line) => {
      lines.push(line);
      if (line.includes(readyLine)) resolve();
    });
  });
}

async function createDatabase(port: number, password: string, name: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'landbote', password, database: 'postgres' });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)} template template0`);
  } finally {
    await client.end();
  }
}
