import { expect, test } from 'vitest';
import { egressRelayAddress, ports, serviceUsers } from '../../synapse-config/production/services.ts';
import { readComposeFile } from './compose-file.ts';
import { composeFilePath, sampleVariables } from './sample-variables.ts';

const { services, networks, secrets } = await readComposeFile(composeFilePath, sampleVariables);
const everyService = Object.entries(services);

function networksOf(name: string): readonly string[] {
  return Object.keys(services[name]?.networks ?? {}).sort();
}

test('one homeserver is proxy, client, Synapse, appservice, PostgreSQL, Redis and the way out', () => {
  expect(Object.keys(services).sort()).toEqual([
    'appservice',
    'client',
    'egress',
    'postgres',
    'proxy',
    'redis',
    'synapse',
  ]);
});

test('nothing is published but the proxy, and of the proxy only its two TLS listeners', () => {
  const published = everyService.filter(([, service]) => service.ports.length > 0).map(([name]) => name);
  expect(published).toEqual(['proxy']);
  expect(services['proxy']?.ports).toEqual(['443:8443', '8448:8448']);
});

test.each(everyService)(
  '%s has no root, no capability, no new privilege and a read-only file system',
  (_name, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.read_only).toBe(true);
  },
);

test.each(everyService)('%s restarts, says whether it is healthy and has limits', (_name, service) => {
  expect(service.restart).toBe('unless-stopped');
  expect(service.healthcheck.test.length).toBeGreaterThan(1);
  expect([service.mem_limit, service.cpus, service.pids_limit]).not.toContain(undefined);
});

test.each(everyService)('%s comes from an image with an exact version', (_name, service) => {
  expect(service.image).toMatch(/^[a-z0-9/-]+:\d+\.\d+\.?\d*(-[a-z]+)?$/);
});

test.each(everyService)(
  '%s mounts configuration read-only, writes only to named volumes and memory',
  (_name, service) => {
    const hostFolders = service.volumes.filter((volume) => /^[./]/.test(volume));
    for (const volume of hostFolders) expect(volume).toMatch(/:ro$/);
    for (const memory of service.tmpfs) expect(memory).toContain('size=');
  },
);

test('only the proxy and the way out touch a network with a route to the outside', () => {
  const outward = new Set(Object.keys(networks).filter((name) => networks[name]?.internal !== true));
  const attached = everyService.filter(([, service]) =>
    Object.keys(service.networks).some((name) => outward.has(name)),
  );
  expect(attached.map(([name]) => name).sort()).toEqual(['egress', 'proxy']);
});

test('databases meet only the programs that use them', () => {
  expect(networksOf('postgres')).toEqual(['data']);
  expect(networksOf('redis')).toEqual(['data']);
  const onData = everyService.filter(([, service]) => 'data' in service.networks).map(([name]) => name);
  expect(onData.sort()).toEqual(['appservice', 'postgres', 'redis', 'synapse']);
});

test('every secret is a file of the deployment that exactly one service reads, as the user it is made for', () => {
  const uses = everyService.flatMap(([name, service]) => service.secrets.map(({ source }) => ({ name, source })));
  expect(uses.map(({ source }) => source).sort()).toEqual(Object.keys(secrets).sort());
  for (const { name, source } of uses) {
    expect(secrets[source]?.file).toMatch(new RegExp(`^${sampleVariables.LANDBOTE_DEPLOYMENT}/secrets/${name}/`));
  }
  for (const [name, user] of Object.entries(serviceUsers)) expect(services[name]?.user).toBe(`${user}:${user}`);
});

test('no environment variable holds a secret', () => {
  const variables = everyService.flatMap(([, service]) => Object.keys(service.environment));
  expect(variables).toEqual(['EGRESS_GATEWAY']);
});

test('the proxy knows its neighbours by the addresses they have', () => {
  const addressOf = (name: string, network: string): string =>
    `${name}:${services[name]?.networks[network]?.ipv4_address}`;
  expect(services['proxy']?.extra_hosts).toEqual([
    addressOf('client', 'web'),
    addressOf('synapse', 'back'),
    addressOf('appservice', 'back'),
  ]);
});

test('the one private address that Synapse may call is that of the relay to the egress gateway', () => {
  expect(services['egress']?.networks['exit']?.ipv4_address).toBe(egressRelayAddress);
  expect(networksOf('synapse')).toContain('exit');
});

test('health checks ask the ports that the configuration opens', () => {
  const checkOf = (name: string): string => services[name]?.healthcheck.test.join(' ') ?? '';
  expect(checkOf('synapse')).toContain(`:${ports.synapseClients}/health`);
  expect(checkOf('client')).toContain(`:${ports.client}/live`);
  expect(checkOf('appservice')).toContain(`:${ports.appserviceApi}/live`);
  expect(checkOf('egress')).toContain(`connect(${ports.egress}`);
});
