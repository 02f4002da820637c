/**
 * Starts, watches and stops the processes of a stack. Each one leads its own process group, so that a stop also
 * reaches what it started, and Ctrl-C at the terminal reaches the stack alone, which then ends them in order.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StackError } from '../stack-error.ts';
import { startOrphanGuard, type OrphanGuard } from './orphan-guard.ts';

export interface ProcessDescription {
  /** As in the stack file: `synapse land.hessen.test`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Receives standard output and error. */
  readonly logPath: string;
  readonly cwd?: string;
  /** Added to the stack's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** The signal for an orderly end; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
  /** Resolves when the process does its work; gives up when the signal aborts. */
  readonly whenReady: (signal: AbortSignal) => Promise<void>;
}

interface RunningProcess {
  readonly description: ProcessDescription;
  readonly child: ChildProcess;
  readonly pid: number;
  /** Where this run's output begins in the log. */
  readonly logStart: number;
  readonly ended: Promise<void>;
  stopping: boolean;
}

export interface Supervisor {
  /** Resolves when the process is ready. Rejects with a StackError if it ends before. */
  start(description: ProcessDescription): Promise<void>;
  /** Starts a process again that was started before and is stopped. */
  startAgain(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** Stops all, the last started first. Nothing can be started afterwards. */
  stopAll(): Promise<void>;
  processIds(): Record<string, number>;
}

const gracePeriodMs = 10_000;
const quotedLogLines = 12;

/** `onCrash` hears of a process that was ready and then ended without having been told to. */
export function createSupervisor(onCrash: (error: StackError) => void): Supervisor {
  const running = new Map<string, RunningProcess>();
  const known = new Map<string, ProcessDescription>();
  const guard = startOrphanGuard();
  const launches = new Set<Promise<RunningProcess>>();
  let closed = false;

  async function start(description: ProcessDescription): Promise<void> {
    if (closed) throw new Error(`The stack is stopping; ${description.name} is not started.`);
    known.set(description.name, description);
    const started = await launchKnown(description);
    await untilReady(started).catch(async (error: unknown) => {
      await stop(description.name);
      throw error;
    });
    void noticeEnd(started);
  }

  async function noticeEnd(started: RunningProcess): Promise<void> {
    await started.ended;
    running.delete(started.description.name);
    if (!started.stopping) onCrash(await crashError(started));
  }

  /** A launch under way is waited for by `stopAll`, so that none slips through. */
  async function launchKnown(description: ProcessDescription): Promise<RunningProcess> {
    const launching = launch(description, guard);
    launches.add(launching);
    try {
      const started = await launching;
      running.set(description.name, started);
      return started;
    } finally {
      launches.delete(launching);
    }
  }

  async function stop(name: string): Promise<void> {
    const target = running.get(name);
    if (!target) return;
    await end(target);
    running.delete(name);
    guard.forget(target.pid);
  }

  return {
    start,
    stop,
    async startAgain(name) {
      const description = known.get(name);
      if (!description) throw new Error(`No process is named "${name}". There are: ${[...known.keys()].join(', ')}.`);
      if (!running.has(name)) await start(description);
    },
    async stopAll() {
      closed = true;
      await Promise.allSettled(launches);
      for (const name of [...running.keys()].toReversed()) await stop(name);
      guard.dismiss();
    },
    processIds: () => Object.fromEntries([...running].map(([name, { pid }]) => [name, pid])),
  };
}

async function launch(description: ProcessDescription, guard: OrphanGuard): Promise<RunningProcess> {
  const { child, logStart } = spawnLogged(description);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(notStarted(description, cause)));
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${description.name} started without a process id.`);
  guard.watch(pid);
  return { description, child, pid, logStart, ended, stopping: false };
}

function notStarted({ name, command }: ProcessDescription, cause: Error): StackError {
  return new StackError(`${name} could not be started: ${cause.message}.`, `Check that ${command} can be run.`, {
    cause,
  });
}

function spawnLogged({
  command,
  args,
  cwd,
  env,
  user,
  logPath,
}: ProcessDescription): Pick<RunningProcess, 'child' | 'logStart'> {
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openSync(logPath, 'a', 0o600);
  try {
    const logStart = fstatSync(log).size;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      ...user,
      detached: true,
      stdio: ['ignore', log, log],
    });
    return { child, logStart };
  } finally {
    closeSync(log);
  }
}

async function untilReady(started: RunningProcess): Promise<void> {
  const gaveUp = new AbortController();
  const endedEarly = started.ended.then(async () => {
    throw await crashError(started);
  });
  try {
    await Promise.race([started.description.whenReady(gaveUp.signal), endedEarly]);
  } finally {
    gaveUp.abort();
    endedEarly.catch(() => undefined);
  }
}

async function end(target: RunningProcess): Promise<void> {
  target.stopping = true;
  signalGroup(target.pid, target.description.stopSignal ?? 'SIGTERM');
  const impatience = setTimeout(() => signalGroup(target.pid, 'SIGKILL'), gracePeriodMs);
  await target.ended;
  clearTimeout(impatience);
  // The leader is gone; what it left behind is not worth a grace period.
  signalGroup(target.pid, 'SIGKILL');
}

/** Signals a process and everything it started. That nothing is left is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function crashError({ description, child, logStart }: RunningProcess): Promise<StackError> {
  const reason = child.signalCode ? `signal ${child.signalCode}` : `exit code ${String(child.exitCode)}`;
  const output = (await readFile(description.logPath)).subarray(logStart).toString().trimEnd();
  const lines = output.split('\n').slice(-quotedLogLines);
  return new StackError(
    `${description.name} ended unexpectedly (${reason}).`,
    output === ''
      ? `It wrote nothing into its log ${description.logPath}.`
      : `The last lines of its log ${description.logPath}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
}
