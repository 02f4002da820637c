/**
 * The networks of a Compose file as Linux bridges, and each service as a network namespace that is plugged into the
 * bridges of its networks: what a container engine does, by the same means of the kernel. Needs root.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ComposeFile } from '../compose-file.ts';

const runFile = promisify(execFile);

/** All names begin so, which lets a later run find what a killed one left. Interface names have at most 15 characters. */
const prefix = 'lbt-';

/** Addresses of a network that names no subnet; the engine would choose as freely. */
const freeSubnets = ['10.199.101.0/24', '10.199.102.0/24', '10.199.103.0/24'];

export interface Networks {
  /** The network namespace of a service. */
  readonly namespaceOf: (service: string) => string;
  /** The address of a service in a network. Throws if it is not in it. */
  readonly addressOf: (service: string, network: string) => string;
  /** This machine's own address in a network with a way out. */
  readonly hostAddressOf: (network: string) => string;
  /** Lines for /etc/hosts: the services that this one shares a network with. */
  readonly hostsFor: (service: string) => readonly string[];
}

interface Plan extends Networks {
  readonly file: ComposeFile;
  readonly subnetOf: (network: string) => string;
}

/** Builds networks and namespaces of all services. Throws without root. */
export async function createNetworks(file: ComposeFile): Promise<Networks> {
  await removeNetworks();
  const plan = planNetworks(file);
  for (const network of Object.keys(file.networks)) await createBridge(plan, network);
  for (const service of Object.keys(file.services)) await createNamespace(plan, service);
  return plan;
}

/** Removes what createNetworks made, also in an earlier run. */
export async function removeNetworks(): Promise<void> {
  const namespaces = (await ip('netns', 'list')).split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of namespaces.filter((name) => name.startsWith(prefix))) await ip('netns', 'del', name);
  const links = (await ip('-brief', 'link', 'show', 'type', 'bridge'))
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
  for (const name of links.filter((name) => name.startsWith(prefix))) await ip('link', 'del', name);
}

async function ip(...arguments_: string[]): Promise<string> {
  return (await runFile('ip', arguments_)).stdout;
}

function planNetworks(file: ComposeFile): Plan {
  const unnamed = Object.keys(file.networks).filter((name) => file.networks[name]?.ipam === undefined);
  const subnetOf = (network: string): string =>
    file.networks[network]?.ipam?.config[0].subnet ?? freeSubnets[unnamed.indexOf(network)] ?? '';
  const addressOf = (service: string, network: string): string => {
    const attachment = file.services[service]?.networks[network];
    if (attachment === undefined) throw new Error(`${service} is not in the network ${network}`);
    return attachment.ipv4_address ?? nth(subnetOf(network), 2 + Object.keys(file.services).indexOf(service));
  };
  return {
    file,
    subnetOf,
    addressOf,
    namespaceOf: (service) => `${prefix}${service}`,
    hostAddressOf: (network) => nth(subnetOf(network), 1),
    hostsFor: (service) => hostLines(file, service, addressOf),
  };
}

function nth(subnet: string, last: number): string {
  return subnet.replace(/\d+\/\d+$/, String(last));
}

function hostLines(file: ComposeFile, service: string, addressOf: Networks['addressOf']): readonly string[] {
  const own = Object.keys(file.services[service]?.networks ?? {});
  const neighbours = Object.entries(file.services).flatMap(([name, { networks }]) => {
    const shared = own.find((network) => network in networks);
    return shared === undefined ? [] : [`${addressOf(name, shared)} ${name}`];
  });
  const extra = (file.services[service]?.extra_hosts ?? []).map((entry) => entry.split(':').toReversed().join(' '));
  return ['127.0.0.1 localhost', ...neighbours, ...extra];
}

async function createBridge({ file, hostAddressOf }: Plan, network: string): Promise<void> {
  const bridge = `${prefix}${network}`;
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('link', 'set', bridge, 'up');
  // The machine itself stays out of internal networks.
  if (file.networks[network]?.internal !== true) await ip('addr', 'add', `${hostAddressOf(network)}/24`, 'dev', bridge);
}

async function createNamespace(plan: Plan, service: string): Promise<void> {
  const namespace = plan.namespaceOf(service);
  await ip('netns', 'add', namespace);
  await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  for (const network of Object.keys(plan.file.services[service]?.networks ?? {})) await plugIn(plan, service, network);
}

async function plugIn(plan: Plan, service: string, network: string): Promise<void> {
  const namespace = plan.namespaceOf(service);
  const order = Object.keys(plan.file.services).indexOf(service);
  const outer = `${prefix}${network.slice(0, 7)}${order}`;
  await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', network, 'netns', namespace);
  await ip('link', 'set', outer, 'master', `${prefix}${network}`, 'up');
  await ip('-n', namespace, 'addr', 'add', `${plan.addressOf(service, network)}/24`, 'dev', network);
  await ip('-n', namespace, 'link', 'set', network, 'up');
  if (plan.file.networks[network]?.internal !== true) {
    await ip('-n', namespace, 'route', 'add', 'default', 'via', plan.hostAddressOf(network));
  }
}
