/** Python packages locked by hash, in virtual environments that all stacks of a checkout share. */
import { createHash } from 'node:crypto';
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readIfPresent } from './files.ts';
import { withLock } from './lock.ts';
import { StackError } from './stack-error.ts';

const runFile = promisify(execFile);
const candidates = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const remedy =
  'Install Python 3.10 or newer with its venv module (Debian, Ubuntu: apt install python3 python3-venv) and start again.';

export interface PythonEnvironment {
  readonly folder: string;
  /** A file with every package's version and hashes. */
  readonly requirementsPath: string;
  /** What is in it, for messages: "Synapse's Python packages". */
  readonly content: string;
}

/** Synapse and what it needs. */
export function synapseEnvironment(folder: string): PythonEnvironment {
  const requirementsPath = fileURLToPath(new URL('../homeserver/requirements.txt', import.meta.url));
  return { folder, requirementsPath, content: 'Synapse’s Python packages' };
}

/**
 * Makes the environment, unless it is there already with the packages that its requirements lock.
 * Returns the path of its Python. Throws a StackError when Python is missing, too old, or packages cannot be had.
 */
export async function ensurePythonEnvironment(
  environment: PythonEnvironment,
  onDetail: (text: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(dirname(environment.folder), { recursive: true });
  return withLock(`${environment.folder}.lock`, () => install(environment, onDetail, signal));
}

async function install(
  environment: PythonEnvironment,
  onDetail: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { folder, requirementsPath } = environment;
  const python = join(folder, 'bin', 'python');
  const mark = join(folder, 'requirements.sha256');
  const requirements = await readFile(requirementsPath, 'utf8');
  const digest = createHash('sha256').update(requirements).digest('hex');
  if ((await readIfPresent(mark)) === digest) return python;
  await rm(folder, { recursive: true, force: true });
  await createEnvironment(await findPython(), folder);
  await installPackages(python, environment, requirements, onDetail, signal);
  await writeFile(mark, digest);
  return python;
}

/** The first Python of the PATH that is new enough. Throws a StackError if there is none. */
export async function findPython(): Promise<string> {
  const old: string[] = [];
  for (const candidate of candidates) {
    const version = await versionOf(candidate);
    if (version && isNewEnough(version)) return candidate;
    if (version) old.push(`${candidate} is ${version}`);
  }
  throw new StackError(
    old.length > 0 ? `Python is too old (${old.join(', ')}).` : 'Python was not found in the PATH.',
    remedy,
  );
}

async function versionOf(command: string): Promise<string | null> {
  try {
    const { stdout } = await runFile(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    return stdout.trim();
  } catch {
    return null;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 3 && minor >= 10;
}

async function createEnvironment(python: string, folder: string): Promise<void> {
  try {
    await runFile(python, ['-m', 'venv', folder]);
  } catch (cause) {
    throw new StackError(`${python} could not make a virtual environment in ${folder}.`, remedy, { cause });
  }
}

async function installPackages(
  python: string,
  { requirementsPath, content }: PythonEnvironment,
  requirements: string,
  onDetail: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const total = requirements.match(/^[a-z0-9].*==/gim)?.length ?? 0;
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  const child = spawn(python, [...pip, '--require-hashes', '-r', requirementsPath], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  child.on('error', () => undefined);
  let collected = 0;
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line.startsWith('Collecting ')) onDetail(`package ${++collected} of at most ${total}`);
    if (line.startsWith('Installing ')) onDetail('unpacking');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) {
    throw new StackError(
      `${content} could not be installed: ${lastLine(complaints)}`,
      'Check the connection to the Python package index (pip config list) and start again.',
    );
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
