import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverNameSchema } from '#contract/ids.ts';
import { openCertificateAuthority } from './certificates.ts';
import { prepareAppservice } from './parts/appservice.ts';
import { sqliteDatabases } from './parts/database.ts';
import { prepareHomeserver } from './parts/homeserver.ts';
import { defaultPortBase, stackPorts, stackServer } from './servers.ts';
import { planSite } from './sites.ts';

let folder: string;

async function prepareSite(): Promise<void> {
  const server = stackServer(serverNameSchema.parse('land.hessen.test'), defaultPortBase);
  const authority = await openCertificateAuthority(join(folder, 'ca'));
  const ports = stackPorts(defaultPortBase);
  const site = await planSite(server, { folder, ports, authority, databases: sqliteDatabases, overrides: new Map() });
  if (site.domain) await prepareAppservice(site.domain.appservice);
  await prepareHomeserver(site.homeserver);
}

async function readSite(...names: readonly string[]): Promise<string[]> {
  return Promise.all(names.map((name) => readFile(join(folder, 'land.hessen.test', name), 'utf8')));
}

const readSecrets = (): Promise<string[]> =>
  readSite(
    'homeserver/registration-secret',
    'homeserver/macaroon-secret',
    'homeserver/form-secret',
    'homeserver/signing.key',
    'appservice/wall-token',
    'appservice/audit-key.pem',
    'appservice/roster-key.pem',
    'appservice/provisioner-tokens.json',
    'appservice/people-tokens.json',
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-secrets-'));
  await prepareSite();
});
afterAll(() => rm(folder, { recursive: true }));

it('nobody but the owner may read what a stack writes', async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const modes = await Promise.all(files.map(async (path) => ({ path, open: ((await stat(path)).mode & 0o077) !== 0 })));
  expect(modes.length).toBeGreaterThan(15);
  expect(modes.filter(({ open }) => open)).toEqual([]);
});

it('no secret stands in a configuration file', async () => {
  const configs = await readSite('homeserver/homeserver.yaml', 'homeserver/log-config.yaml', 'appservice/config.yaml');
  for (const secret of await readSecrets()) expect(configs.join('\n')).not.toContain(secret.trim());
});

it('secrets differ from one another, and a second start keeps them', async () => {
  const first = await readSecrets();
  expect(new Set(first).size).toBe(first.length);
  await prepareSite();
  expect(await readSecrets()).toEqual(first);
});
