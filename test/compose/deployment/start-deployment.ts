/**
 * Brings up what docker-compose.yml describes, each service in the order of its dependencies and once those are healthy.
 */
import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inStartOrder, readComposeFile, type ComposeFile, type Variables } from '../compose-file.ts';
import { composeFilePath } from '../sample-variables.ts';
import { startContainer, type Container } from './container.ts';
import { imageOf, type BuiltParts } from './image.ts';
import type { Mount } from './start-script.ts';
import { createNetworks, removeNetworks, type Networks } from './network.ts';

export interface Deployment {
  readonly file: ComposeFile;
  readonly networks: Networks;
  /** Throws if there is no such service. */
  readonly container: (service: string) => Container;
  /** Starts a service anew that was stopped; resolves when it is healthy. */
  readonly startAgain: (service: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface DeploymentOptions {
  readonly variables: Variables;
  /** Roots, named volumes and logs; emptied first. */
  readonly folder: string;
  readonly parts: BuiltParts;
  /** Called with the networks before the first service starts. */
  readonly beforeStart: (networks: Networks) => Promise<void>;
  /** Called whenever a service has become healthy, before the next one starts. */
  readonly afterStart: (service: string, container: Container) => Promise<void>;
}

/** Resolves when every service is healthy. Rejects, with everything stopped, if one is not. */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const file = await readComposeFile(composeFilePath, options.variables);
  await rm(options.folder, { recursive: true, force: true });
  const networks = await createNetworks(file);
  const containers = new Map<string, Container>();
  const start = async (name: string): Promise<void> => {
    const container = await startService(file, name, networks, options);
    containers.set(name, container);
    await untilHealthy(name, file, container, logPathOf(options.folder, name));
    await options.afterStart(name, container);
  };
  const stop = async (): Promise<void> => {
    for (const container of [...containers.values()].toReversed()) await container.stop();
    await removeNetworks();
  };
  try {
    await options.beforeStart(networks);
    for (const name of inStartOrder(file.services)) await start(name);
  } catch (error) {
    await stop();
    throw error;
  }
  return { file, networks, container: (name) => required(containers.get(name), name), startAgain: start, stop };
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`There is no ${name}`);
  return value;
}

function logPathOf(folder: string, name: string): string {
  return join(folder, 'logs', `${name}.log`);
}

async function startService(
  file: ComposeFile,
  name: string,
  networks: Networks,
  { folder, parts }: DeploymentOptions,
): Promise<Container> {
  const service = required(file.services[name], name);
  const rootFolder = join(folder, 'roots', name);
  await mkdir(rootFolder, { recursive: true });
  await mkdir(join(folder, 'logs'), { recursive: true });
  return startContainer({
    service,
    image: await imageOf(service, parts),
    mounts: await mountsOf(file, name, folder),
    networkNamespace: networks.namespaceOf(name),
    hosts: networks.hostsFor(name),
    rootFolder,
    logPath: logPathOf(folder, name),
  });
}

async function mountsOf(file: ComposeFile, name: string, folder: string): Promise<readonly Mount[]> {
  const service = required(file.services[name], name);
  const owner = Number(service.user.split(':')[0]);
  const volumes = service.volumes.map(async (volume): Promise<Mount> => {
    const [source = '', to = '', mode] = volume.split(':');
    const readOnly = mode === 'ro';
    const from =
      source in file.volumes ? await namedVolume(join(folder, 'volumes', source), owner, readOnly) : resolve(source);
    return { from, to, readOnly };
  });
  const secrets = service.secrets.map(({ source, target }) => {
    return { from: required(file.secrets[source], source).file, to: `/run/secrets/${target}`, readOnly: true };
  });
  return [...(await Promise.all(volumes)), ...secrets];
}

/** A new named volume has the owner that its folder has in the writer's image; who only reads it finds it readable. */
async function namedVolume(path: string, owner: number, readOnly: boolean): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (readOnly) await chmod(path, 0o755);
  else await chown(path, owner, owner);
  return path;
}

const patienceMs = 120_000;

async function untilHealthy(name: string, file: ComposeFile, container: Container, logPath: string): Promise<void> {
  const [kind, ...check] = required(file.services[name], name).healthcheck.test;
  const command = kind === 'CMD-SHELL' ? ['sh', '-c', ...check] : check;
  const giveUpAt = Date.now() + patienceMs;
  let last = 'not asked';
  while (Date.now() < giveUpAt) {
    if (!container.isRunning()) throw new Error(`${name} ended. Its log: ${logPath}`);
    const outcome = await container.run(command).catch((error: unknown) => ({ exitCode: 1, output: String(error) }));
    if (outcome.exitCode === 0) return;
    last = outcome.output;
    await pause(200);
  }
  throw new Error(`${name} is not healthy: ${last} Its log: ${logPath}`);
}
