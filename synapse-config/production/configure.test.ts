import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configure } from './configure.ts';
import { ParametersError } from './parameters.ts';
import { serviceUsers } from './services.ts';

const organisation = fileURLToPath(new URL('../organisation', import.meta.url));

let folder: string;
let owners: Map<string, number>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-configure-'));
  owners = new Map();
  for (const name of ['authority', 'certificate', 'key']) {
    await writeFile(join(folder, `${name}.pem`), `-----BEGIN ${name.toUpperCase()}-----\n`);
  }
  await writeParameters({});
});

afterEach(() => rm(folder, { recursive: true }));

async function writeParameters(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const example = z.looseObject({}).parse(parse(await readFile(new URL('example.yaml', import.meta.url), 'utf8')));
  await writeFile(
    join(folder, 'parameters.yaml'),
    JSON.stringify({
      ...example,
      organisation: { folder: organisation, read: ['room-classes.yaml', 'land'] },
      ...changes,
    }),
  );
}

/** Runs it without root: who would own each file is noted instead. */
async function run(): Promise<string> {
  const target = join(folder, 'deployment');
  await configure(join(folder, 'parameters.yaml'), target, async (path, owner) => {
    owners.set(path.slice(target.length + 1).replace(/\.new$/, ''), owner);
  });
  return target;
}

test('every secret has mode 0600 and belongs to the user of the service in whose folder it lies', async () => {
  const target = await run();
  expect([...owners.keys()]).toContain('secrets/synapse/signing-key');
  for (const [path, owner] of owners) {
    const [, service = ''] = path.split('/');
    expect(owner, path).toBe({ ...serviceUsers, values: 0 }[service]);
    expect((await stat(join(target, path))).mode & 0o777, path).toBe(0o600);
    expect((await stat(join(target, path, '..'))).mode & 0o777).toBe(0o700);
  }
});

test('a second run changes no secret and follows the changed parameters', async () => {
  const target = await run();
  const read = (path: string): Promise<string> => readFile(join(target, path), 'utf8');
  const paths = [...owners.keys()];
  const before = await Promise.all(paths.map(read));
  await writeParameters({ domainName: 'Land Hessen (neu)' });
  await run();
  expect(await Promise.all(paths.map(read))).toEqual(before);
  expect(await read('client/client.json')).toContain('Land Hessen (neu)');
});

test('two deployments share no secret', async () => {
  /** Without what stands before them: the name of a signing key is random too. */
  const secretsOf = async (target: string): Promise<readonly string[]> => {
    const paths = [...owners.keys()].filter((path) => path.includes('/values/'));
    const texts = await Promise.all(paths.map((path) => readFile(join(target, path), 'utf8')));
    return texts.map((text) => text.replace(/^ed25519 \S+ /, ''));
  };
  const first = await secretsOf(await run());
  await rm(join(folder, 'deployment'), { recursive: true });
  const second = await secretsOf(await run());
  expect(first.length).toBeGreaterThan(10);
  expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
});

test('no configuration that everybody may read holds a secret', async () => {
  const target = await run();
  const values = [...owners.keys()].filter((path) => path.includes('/values/'));
  const secrets = await Promise.all(values.map((path) => readFile(join(target, path), 'utf8')));
  const open = [
    'compose.env',
    'proxy/nginx.conf',
    'client/client.json',
    'appservice/appservice.yaml',
    'synapse/homeserver.yaml',
  ];
  for (const path of open) {
    const text = await readFile(join(target, path), 'utf8');
    expect(
      secrets.filter((secret) => text.includes(secret.trim())),
      path,
    ).toEqual([]);
  }
});

test('Synapse gets PostgreSQL, Redis, the proxy in front and one way out', async () => {
  const target = await run();
  const homeserver: unknown = parse(await readFile(join(target, 'synapse/homeserver.yaml'), 'utf8'));
  expect(homeserver).toMatchObject({
    server_name: 'land.hessen.test',
    public_baseurl: 'https://chat.land.hessen.test',
    database: { name: 'psycopg2', args: { host: 'postgres', passfile: '/run/secrets/database-password' } },
    redis: { enabled: true, host: 'redis', password_path: '/run/secrets/redis-password' },
    https_proxy: 'http://egress:3128',
    ip_range_whitelist: ['10.199.4.2/32'],
    federation_domain_whitelist: ['schule.hessen.test'],
    listeners: [
      { port: 8008, x_forwarded: true, resources: [{ names: ['client', 'keys', 'openid'] }] },
      { port: 8448, x_forwarded: true, tls: false, resources: [{ names: ['federation'] }] },
      { port: 8009, resources: [], additional_resources: { '/_landbote/v1/memberships': {} } },
    ],
  });
});

test('the proxy takes uploads as large as Synapse does', async () => {
  const target = await run();
  const homeserver = await readFile(join(target, 'synapse/homeserver.yaml'), 'utf8');
  const proxy = await readFile(join(target, 'proxy/nginx.conf'), 'utf8');
  expect(homeserver).toContain('max_upload_size: 50M');
  expect(proxy).toMatch(/client_max_body_size 50m;\n\s+proxy_request_buffering off;/);
});

test('all bad parameters are named at once, and nothing is written', async () => {
  await writeParameters({
    serverName: 'land.hessen.test:8448',
    theme: 'rosa',
    egressGateway: 'nowhere',
    surplus: true,
  });
  const error = await run().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ParametersError);
  for (const key of ['serverName', 'theme', 'egressGateway', 'surplus']) expect(String(error)).toContain(key);
  await expect(stat(join(folder, 'deployment'))).rejects.toThrow('ENOENT');
});

test('a file that is no YAML, or not there, is named', async () => {
  await writeFile(join(folder, 'parameters.yaml'), 'serverName: [');
  await expect(run()).rejects.toThrow(/parameters\.yaml: no YAML/);
  await rm(join(folder, 'parameters.yaml'));
  await expect(run()).rejects.toThrow(/parameters\.yaml: cannot be read/);
});

test('a host name cannot carry directives into the proxy’s configuration', async () => {
  await writeParameters({ clientHost: 'chat.hessen.test; location / { return 200; }' });
  await expect(run()).rejects.toThrow('clientHost');
});

test('clients take the roster keys of the partners that this homeserver speaks with, each for its own rooms', async () => {
  const declared = join(folder, 'land');
  const domain: unknown = parse(await readFile(join(organisation, 'land', 'domain.yaml'), 'utf8'));
  const partner = { server: 'polizei.hessen.test', rosterKeys: ['P'.repeat(43)] };
  const declaration = {
    ...partner,
    domain: 'polizei',
    name: 'Polizei Hessen',
    key: 'ed25519:a_x3Fc',
    fingerprint: 'f'.repeat(64),
  };
  await cp(join(organisation, 'land'), declared, { recursive: true });
  const declare = (through: string): Promise<void> =>
    writeFile(
      join(declared, 'domain.yaml'),
      JSON.stringify({ ...z.looseObject({}).parse(domain), partners: [{ ...declaration, through }] }),
    );
  const pinned = async (): Promise<unknown> => {
    await writeParameters({ organisation: { folder, read: ['room-classes.yaml', 'land'] } });
    return JSON.parse(await readFile(join(await run(), 'client/client.json'), 'utf8'));
  };
  await cp(join(organisation, 'room-classes.yaml'), join(folder, 'room-classes.yaml'));
  await declare('land.hessen.test');
  expect(await pinned()).toMatchObject({ client: { partners: [partner] } });
  await declare('schule.hessen.test');
  expect(await pinned()).toMatchObject({ client: { partners: [] } });
});

test('faults of the organisation are named, and nothing is written', async () => {
  await writeParameters({ organisation: { folder, read: ['nirgends'] } });
  await expect(run()).rejects.toThrow('nirgends');
  await expect(stat(join(folder, 'deployment', 'client'))).rejects.toThrow('ENOENT');
});

test('certificates that are missing or no PEM are named, all at once', async () => {
  await rm(join(folder, 'authority.pem'));
  await rm(join(folder, 'key.pem'));
  await mkdir(join(folder, 'key.pem'));
  const error = await run().catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/authority\.pem[^]*key\.pem/);
});
