/**
 * Runs a service's command as a container engine would, by the same means of the kernel: own mount, process and network
 * namespaces, a root file system that holds the image's files, the service's mounts and secrets and nothing else,
 * read-only; the service's user, no capabilities, no new privileges. Limits on memory and processes are not set.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { chownSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { ComposeService } from '../compose-file.ts';
import { asUser, environment, idsOf } from './service-command.ts';
import { startScript, type ContainerDescription } from './start-script.ts';

export interface CommandOutcome {
  readonly exitCode: number;
  readonly output: string;
}

export interface Container {
  /** Runs a command inside, as the service's user: `docker compose exec`. */
  readonly run: (command: readonly string[], input?: string) => Promise<CommandOutcome>;
  readonly isRunning: () => boolean;
  /** Sends the service's stop signal and waits for the end. */
  readonly stop: () => Promise<void>;
}

export function startContainer(description: ContainerDescription): Container {
  const first = spawnInNamespaces(description);
  const ended = once(first, 'exit');
  const isRunning = (): boolean => first.exitCode === null && first.signalCode === null;
  const commandId = async (): Promise<number> => childOf(await childOf(first.pid ?? 0));
  return {
    isRunning,
    run: async (command, input) => runInside(description, await commandId(), command, input),
    stop: async () => {
      if (!isRunning()) return;
      process.kill(await commandId(), description.service.stop_signal);
      const impatience = setTimeout(() => first.kill('SIGKILL'), graceMsOf(description.service));
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** How long an engine waits before it kills: 10 s unless told. */
function graceMsOf({ stop_grace_period: period = '10s' }: ComposeService): number {
  const [, amount = '', unit = ''] = /^(\d+)([sm])$/.exec(period) ?? [];
  return Number(amount) * (unit === 'm' ? 60_000 : 1_000);
}

/** The process that `leader` is waiting for. Throws if there is none (yet, or any more). */
async function childOf(leader: number): Promise<number> {
  const children = await readFile(`/proc/${leader}/task/${leader}/children`, 'utf8');
  const [child] = children.trim().split(' ').map(Number);
  if (child === undefined || child === 0) throw new Error(`Process ${leader} has started nothing`);
  return child;
}

function spawnInNamespaces(description: ContainerDescription): ChildProcess {
  const log = openSync(description.logPath, 'a');
  giveToUser(description.logPath, description.service);
  const scriptPath = `${description.rootFolder}.sh`;
  writeFileSync(scriptPath, startScript(description));
  // Should the tests be killed, so is what they started.
  const arguments_ = ['--pdeathsig=KILL', 'ip', 'netns', 'exec', description.networkNamespace];
  const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const child = spawn('setpriv', [...arguments_, ...unshare, 'sh', '-eu', scriptPath], { stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

/** Programs open /dev/stdin and /dev/stdout by name; an engine gives them to the service's user. */
function giveToUser(path: string, service: ComposeService): void {
  const { user, group } = idsOf(service);
  chownSync(path, Number(user), Number(group));
}

async function runInside(
  { service, image, networkNamespace, rootFolder }: ContainerDescription,
  target: number,
  command: readonly string[],
  input = '',
): Promise<CommandOutcome> {
  const inputPath = `${rootFolder}.${randomUUID()}`;
  writeFileSync(inputPath, input, { mode: 0o600 });
  giveToUser(inputPath, service);
  const inputFile = openSync(inputPath, 'r');
  const enter = ['nsenter', `--target=${target}`, '--mount', '--pid', '--root', '--wd'];
  const inside = [...enter, ...asUser(service), ...environment(service, image), ...command];
  const child = spawn('ip', ['netns', 'exec', networkNamespace, ...inside], { stdio: [inputFile, 'pipe', 'pipe'] });
  closeSync(inputFile);
  const [[exitCode], ...output] = await Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)]);
  await rm(inputPath);
  return { exitCode: typeof exitCode === 'number' ? exitCode : 1, output: output.join('') };
}

async function read(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream);
}
