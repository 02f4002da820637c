/**
 * Starts a whole stack on one machine from the templates that production uses: homeservers that federate over TLS,
 * their appservices and clients. Used by `npm start`, the tests and the benchmarks.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '#contract/ids.ts';
import type { HomeserverConfig } from '../homeserver/render.ts';
import { bringUp, pythonFolder, type StackThatIsUp } from './bring-up.ts';
import { writePrivateFile } from './files.ts';
import { tryLock } from './lock.ts';
import { prepareHomeserver } from './parts/homeserver.ts';
import { requireFreePorts } from './ports.ts';
import { createSupervisor, type Supervisor } from './processes/supervisor.ts';
import type { OnProgress } from './progress.ts';
import { defaultPortBase, stackPorts, stackServer } from './servers.ts';
import type { Site } from './sites.ts';
import { StackError } from './stack-error.ts';
import type { StackFile } from './stack-file.ts';

/** Where `npm start` keeps everything: `.local` of the checkout. */
export const defaultFolder = fileURLToPath(new URL('../../.local', import.meta.url));

/** `sqlite`, `start-postgres` (one that the stack starts) or the URL of a PostgreSQL server whose user may create databases. */
export type StackDatabase = 'sqlite' | 'start-postgres' | `postgres://${string}` | `postgresql://${string}`;

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
  /** Restarts a homeserver with other overrides than those of the start. */
  reconfigureHomeserver(serverName: ServerName, overrides: HomeserverConfig): Promise<void>;
}

/** What holds when an option is left out. */
const defaults = {
  folder: defaultFolder,
  portBase: defaultPortBase,
  database: 'sqlite',
  overrides: new Map(),
} as const;

const lockName = 'stack.lock';

/** Stays when a stack begins anew: Synapse's packages are the same, and the lock is held. */
const notData = new Set([basename(pythonFolder), `${basename(pythonFolder)}.lock`, lockName]);

async function deleteData(folder: string): Promise<void> {
  const entries = (await readdir(folder)).filter((name) => !notData.has(name));
  await Promise.all(entries.map((name) => rm(join(folder, name), { recursive: true })));
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
  const stop = async (): Promise<void> => {
    await rm(stackFilePath(folder), { force: true });
    await supervisor.stopAll();
    await lock.release();
  };
  try {
    const up = await unlessInterrupted(start(options, folder, supervisor), crash.promise, options.signal);
    const publish = publisher(folder, up.file, supervisor);
    await publish();
    const crashed = crash.promise.then((error) => stop().then(() => error));
    return { file: up.file, crashed, stop, ...controls(supervisor, up.sites, publish) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: StackOptions, folder: string, supervisor: Supervisor): Promise<StackThatIsUp> {
  // A stack that was killed left its stack file behind.
  await rm(stackFilePath(folder), { force: true });
  const portBase = options.portBase ?? defaults.portBase;
  const servers = options.servers.map((name) => stackServer(name, portBase));
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

async function unlessInterrupted<Result>(
  work: Promise<Result>,
  crash: Promise<StackError>,
  signal?: AbortSignal,
): Promise<Result> {
  const interruption = new Promise<never>((_resolve, reject) => {
    void crash.then(reject);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
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

type Controls = Pick<Stack, 'restart' | 'stopProcess' | 'startProcess' | 'reconfigureHomeserver'>;

function controls(supervisor: Supervisor, sites: readonly Site[], publish: () => Promise<void>): Controls {
  const restart = async (name: string): Promise<void> => {
    await supervisor.stop(name);
    await supervisor.startAgain(name);
    await publish();
  };
  return {
    restart,
    stopProcess: (name) => supervisor.stop(name).then(publish),
    startProcess: (name) => supervisor.startAgain(name).then(publish),
    async reconfigureHomeserver(serverName, overrides) {
      const site = sites.find(({ server }) => server.name === serverName);
      if (!site) throw new Error(`The stack runs no homeserver ${serverName}.`);
      await prepareHomeserver({ ...site.homeserver, overrides });
      await restart(`synapse ${serverName}`);
    },
  };
}

function alreadyRunning(folder: string, processId: number): StackError {
  return new StackError(
    `A stack is already running in ${folder} (process ${processId}).`,
    'Use that one (its addresses stand in stack.json there), or end it with Ctrl-C in its terminal first.',
  );
}
