/**
 * The shell script that prepares a container's root file system and runs the service's command in it: the image's
 * files, the service's mounts, secrets and memory file systems, and nothing else; read-only where the service says so.
 */
import type { ComposeService } from '../compose-file.ts';
import type { Image } from './image.ts';
import { asUser, environment, idsOf } from './service-command.ts';

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

/** The container's first process prepares the root, starts the command in it and waits, as `init: true` does. */
export function startScript(description: ContainerDescription): string {
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

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
