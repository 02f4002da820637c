/**
 * Starts a whole stack on one machine from the templates that production uses: homeservers that federate over TLS,
 * their appservices and clients. Used by `npm start`, the tests and the benchmarks.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '#contract/ids.ts';
import type { HomeserverConfig } from '../homeserver/render.ts';
import { bringUp } from './bring-up.ts';
import { writePrivateFile } from './files.ts';
import { tryLock } from './lock.ts';
import type { StackDatabase } from './parts/database.ts';
import { requireFreePorts } from './ports.ts';
import { createSupervisor, type Supervisor } from './processes/supervisor.ts';
import type { OnProgress } from './progress.ts';
import { defaultPortBase, serverNames, stackPorts, stackServer } from './servers.ts';
import { StackError } from './stack-error.ts';
import type { StackFile } from './stack-file.ts';

/** Where `npm start` keeps everything: `.local` of the checkout. */
export const defaultFolder = fileURLToPath(new URL('../../.local', import.meta.url));

export type { StackDatabase };

export interface StackOptions {
  readonly servers: readonly ServerName[];
  /** Absolute; everything of the stack lies in it. */
  readonly folder?: string;
  /** The stack takes ports from here on, 50 at most. */
  readonly portBase?: number;
  readonly database?: StackDatabase;
  readonly onProgress?: OnProgress;
  /** Deletes the data of earlier starts first. */
  readonly reset?: boolean;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  /** Folders with other declarations than the reference organisation's, by trust domain. */
  readonly declarations?: ReadonlyMap<string, string>;
  /** Put over a homeserver's configuration; null removes a key. Lifts single layers of the wall in tests. */
  readonly overrides?: ReadonlyMap<ServerName, HomeserverConfig>;
}

export interface Stack {
  readonly file: StackFile;
  /** Resolves when a process ended that should not have; everything is stopped by then. */
  readonly crashed: Promise<StackError>;
  /** Stops everything. */
  stop(): Promise<void>;
  /** Names as in `file.processIds`; resolves when the process is ready again. */
  restart(processName: string): Promise<void>;
  stopProcess(processName: string): Promise<void>;
  startProcess(processName: string): Promise<void>;
}

/** What holds when an option is left out. */
const defaults = {
  folder: defaultFolder,
  portBase: defaultPortBase,
  database: 'sqlite',
  overrides: new Map(),
} as const;

const lockName = 'stack.lock';

/** What a stack begun anew deletes. Whatever else lies in the folder is not the stack's. */
const dataNames = ['ca', 'database', 'egress-proxy', 'postgres', ...serverNames];

async function deleteData(folder: string): Promise<void> {
  await Promise.all(dataNames.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Processes of a stack that was killed take a moment to end (orphan-guard.ts). */
const patienceWithPortsMs = 8_000;

/**
 * Resolves when everything is up and `stack.json` is written. Throws a StackError with the remedy if something
 * stands in the way; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = options.folder ?? defaultFolder;
  await mkdir(folder, { recursive: true });
  const lock = await tryLock(join(folder, lockName));
  if (!lock.acquired) throw alreadyRunning(folder, lock.holder.processId);
  const crash = Promise.withResolvers<StackError>();
  const supervisor = createSupervisor(crash.resolve);
  const stop = once(async () => {
    await rm(stackFilePath(folder), { force: true });
    await supervisor.stopAll();
    await lock.release();
  });
  try {
    const file = await unlessInterrupted(start(options, folder, supervisor), crash.promise, options.signal);
    const publish = publisher(folder, file, supervisor);
    await publish();
    const crashed = crash.promise.then((error) => stop().then(() => error));
    return { file, crashed, stop, ...controls(supervisor, publish) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: StackOptions, folder: string, supervisor: Supervisor): Promise<StackFile> {
  // A stack that was killed left its stack file behind.
  await rm(stackFilePath(folder), { force: true });
  const portBase = options.portBase ?? defaults.portBase;
  const servers = options.servers.map((name) => stackServer(name, portBase, options.declarations));
  const ports = stackPorts(portBase);
  const wanted = [...Object.values({ ...ports }), ...servers.flatMap((server) => Object.values({ ...server.ports }))];
  await requireFreePorts(wanted, patienceWithPortsMs);
  if (options.reset) await deleteData(folder);
  return bringUp({
    folder,
    ports,
    servers,
    supervisor,
    database: options.database ?? defaults.database,
    reset: options.reset ?? false,
    overrides: options.overrides ?? defaults.overrides,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  });
}

/** However often it is called, the work is done once; every caller waits for it. */
function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= work());
}

async function unlessInterrupted<Result>(
  work: Promise<Result>,
  crash: Promise<StackError>,
  signal?: AbortSignal,
): Promise<Result> {
  const interruption = new Promise<never>((_resolve, reject) => {
    void crash.then(reject);
    const giveUp = (): void => reject(new Error('The start was given up.'));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([work, interruption]);
}

export function stackFilePath(folder: string): string {
  return join(folder, 'stack.json');
}

/** Returns what writes the stack file with the process ids of the moment. */
function publisher(folder: string, file: StackFile, supervisor: Supervisor): () => Promise<void> {
  return async () => {
    file.processIds = supervisor.processIds();
    await writePrivateFile(stackFilePath(folder), `${JSON.stringify(file, null, 2)}\n`);
  };
}

type Controls = Pick<Stack, 'restart' | 'stopProcess' | 'startProcess'>;

function controls(supervisor: Supervisor, publish: () => Promise<void>): Controls {
  const restart = async (name: string): Promise<void> => {
    await supervisor.stop(name);
    await supervisor.startAgain(name);
    await publish();
  };
  return {
    restart,
    stopProcess: (name) => supervisor.stop(name).then(publish),
    startProcess: (name) => supervisor.startAgain(name).then(publish),
  };
}

function alreadyRunning(folder: string, processId: number): StackError {
  return new StackError(
    `A stack is already running in ${folder} (process ${processId}).`,
    'Use that one (its addresses stand in stack.json there), or end it with Ctrl-C in its terminal first.',
  );
}
