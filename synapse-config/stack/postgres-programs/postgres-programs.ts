/**
 * PostgreSQL's own programs: those of this machine, else those inside a Python package that is locked by hash. Also
 * who may run them.
 */
import { execFile } from 'node:child_process';
import { access, constants, glob, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensurePythonEnvironment, type PythonEnvironment } from '../python.ts';
import { StackError } from '../stack-error.ts';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const runFile = promisify(execFile);
const packageFolders = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt'];

const packaged: PythonEnvironment = {
  folder: fileURLToPath(new URL('../../../.local/postgres-programs', import.meta.url)),
  requirementsPath: fileURLToPath(new URL('requirements.txt', import.meta.url)),
  content: 'PostgreSQL’s programs',
};

/**
 * The folder with `initdb` and `postgres`: from the PATH, else the newest that a package of the system installed, else
 * installed now into `.local/`. Throws a StackError if none can be had.
 */
export async function ensurePostgresPrograms(onDetail: (text: string) => void): Promise<string> {
  return (await findInstalled()) ?? installPackaged(onDetail);
}

async function findInstalled(): Promise<string | null> {
  const fromPath = (process.env['PATH'] ?? '').split(delimiter);
  const fromPackages = await Promise.all(packageFolders.map(versionFolders));
  for (const folder of [...fromPath, ...fromPackages.flat()]) {
    // A link to the server may lie apart from the programs that belong to it.
    if (await hasServer(folder)) return dirname(await realpath(join(folder, 'postgres')));
  }
  return null;
}

async function installPackaged(onDetail: (text: string) => void): Promise<string> {
  await ensurePythonEnvironment(packaged, onDetail);
  for await (const program of glob('lib/**/pginstall/bin/initdb', { cwd: packaged.folder })) {
    return dirname(join(packaged.folder, program));
  }
  throw new StackError(
    'PostgreSQL was not found on this machine, and the package that brings it has none for it.',
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
export async function unprivilegedUser(): Promise<SystemUser | null> {
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
