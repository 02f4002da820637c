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
import type { Image } from './image.ts';

export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly readOnly: boolean;
}

export interface ContainerDescription {
  readonly service: ComposeService;
  readonly image: Image;
  readonly mounts: readonly Mount[];
  readonly networkNamespace: string;
  readonly hosts: readonly string[];
  /** An empty folder of this machine that becomes the root. */
  readonly rootFolder: string;
  readonly logPath: string;
}

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

/** The container's first process prepares the root, starts the command in it and waits, as `init: true` does. */
function startScript(description: ContainerDescription): string {
  const { service, image, rootFolder } = description;
  const command = [
    ...asUser(service),
    ...environment(service, image),
    'sh',
    '-c',
    `cd ${quote(image.workingFolder)}; exec "$@"`,
    'sh',
  ];
  return [
    'umask 022',
    ...rootCommands(rootFolder),
    ...Object.entries(image.files).flatMap(([to, from]) => bind(rootFolder, { from, to, readOnly: true })),
    ...description.mounts.flatMap((mount) => bind(rootFolder, mount)),
    ...service.tmpfs.map((memory) => tmpfs(rootFolder, memory)),
    ...etcCommands(description),
    ...(service.read_only ? [`mount -o remount,ro ${rootFolder}`] : []),
    `chroot ${rootFolder} ${[...command, ...service.entrypoint, ...service.command].map(quote).join(' ')} &`,
    'wait $!',
  ].join('\n');
}

function rootCommands(root: string): readonly string[] {
  const devices = ['null', 'zero', 'full', 'random', 'urandom'];
  return [
    `mount -t tmpfs -o mode=755,size=4m none ${root}`,
    `mkdir ${root}/usr ${root}/proc ${root}/dev ${root}/etc`,
    `mount --bind -o ro /usr ${root}/usr`,
    `ln -s usr/bin usr/sbin usr/lib ${root}/`,
    `[ ! -e /usr/lib64 ] || ln -s usr/lib64 ${root}/`,
    `mount -t proc none ${root}/proc`,
    `mount -t tmpfs -o mode=755,size=64k none ${root}/dev`,
    ...devices.map((device) => `touch ${root}/dev/${device}; mount --bind /dev/${device} ${root}/dev/${device}`),
    `ln -s /proc/self/fd ${root}/dev/fd; ln -s /proc/self/fd/0 ${root}/dev/stdin`,
    `ln -s /proc/self/fd/1 ${root}/dev/stdout; ln -s /proc/self/fd/2 ${root}/dev/stderr`,
    `mkdir ${root}/dev/shm; mount -t tmpfs -o mode=1777 none ${root}/dev/shm`,
  ];
}

function etcCommands({ rootFolder, hosts, service }: ContainerDescription): readonly string[] {
  const etc = `${rootFolder}/etc`;
  const { user, group } = idsOf(service);
  return [
    `printf 'service:x:${user}:${group}::/:/bin/sh\\n' > ${etc}/passwd`,
    `printf 'service:x:${group}:\\n' > ${etc}/group`,
    `printf '%s\\n' ${hosts.map(quote).join(' ')} > ${etc}/hosts`,
    `printf 'hosts: files\\n' > ${etc}/nsswitch.conf`,
    `for name in ld.so.cache localtime; do cp -L /etc/$name ${etc}/ || true; done`,
    // Images bring OpenSSL's configuration, a list of authorities and, on Debian, PostgreSQL's message settings.
    `for name in ssl alternatives; do mkdir ${etc}/$name; mount --bind -o ro /etc/$name ${etc}/$name; done`,
  ];
}

function bind(root: string, { from, to, readOnly }: Mount): readonly string[] {
  const target = quote(`${root}${to}`);
  return [
    `if [ -d ${quote(from)} ]; then mkdir -p ${target}; else mkdir -p "$(dirname ${target})"; touch ${target}; fi`,
    `mount --bind ${quote(from)} ${target}`,
    ...(readOnly ? [`mount -o remount,bind,ro ${target}`] : []),
  ];
}

/** `/tmp:mode=1777,size=64m` */
function tmpfs(root: string, memory: string): string {
  const [folder = '', options = 'rw'] = memory.split(':');
  return `mkdir -p ${root}${folder}; mount -t tmpfs -o ${options} none ${root}${folder}`;
}

function asUser(service: ComposeService): readonly string[] {
  const { user, group } = idsOf(service);
  const rights = service.cap_drop.includes('ALL') ? ['--inh-caps=-all', '--bounding-set=-all'] : [];
  if (service.security_opt.includes('no-new-privileges:true')) rights.push('--no-new-privs');
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', ...rights];
}

function idsOf({ user }: ComposeService): { readonly user: string; readonly group: string } {
  const [id = '', group = id] = user.split(':');
  return { user: id, group };
}

/** Only what image and service say; nothing of this machine's environment. */
function environment(service: ComposeService, image: Image): readonly string[] {
  const variables = { PATH: image.path, ...image.environment, ...service.environment };
  return ['env', '-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
