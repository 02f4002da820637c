/** The order in which a stack comes up. Whatever does not wait for another runs beside it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '#contract/ids.ts';
import type { HomeserverConfig } from '../homeserver/render.ts';
import { openCertificateAuthority, type CertificateAuthority } from './certificates.ts';
import { ensureAccounts } from './parts/accounts.ts';
import { appserviceProcess, prepareAppservice } from './parts/appservice.ts';
import { ensureClientBuild, prepareClient } from './parts/client.ts';
import { requireSameDatabase, sqliteDatabases, type Databases, type StackDatabase } from './parts/database.ts';
import { parsePostgresUrl, postgresDatabases } from './parts/postgres-databases.ts';
import { preparePostgresServer, type PostgresConnection } from './parts/postgres-server.ts';
import { egressLogPath, prepareEgressProxy } from './parts/egress-proxy.ts';
import { clientApiUrlOf, homeserverProcess, prepareHomeserver, registrationSecretPathOf } from './parts/homeserver.ts';
import { peopleOf, withPasswords } from './people.ts';
import type { Supervisor } from './processes/supervisor.ts';
import { step, type OnProgress } from './progress.ts';
import { ensurePythonEnvironment, synapseEnvironment } from './python.ts';
import type { StackPorts, StackServer } from './servers.ts';
import { describeSite, planSite, rosterKeysOf, type Site } from './sites.ts';
import type { StackDomain, StackFile } from './stack-file.ts';

export interface StackPlan {
  readonly folder: string;
  readonly ports: StackPorts;
  readonly servers: readonly StackServer[];
  readonly database: StackDatabase;
  readonly reset: boolean;
  readonly overrides: ReadonlyMap<ServerName, HomeserverConfig>;
  readonly supervisor: Supervisor;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** All stacks of a checkout share one environment: it holds nothing but packages. */
export const pythonFolder = fileURLToPath(new URL('../../.local/venv', import.meta.url));

const egressFolder = (folder: string): string => join(folder, 'egress-proxy');

export async function bringUp(plan: StackPlan): Promise<StackFile> {
  const authority = await openCertificateAuthority(join(plan.folder, 'ca'));
  const databases = await startDatabases(plan);
  const sites = await Promise.all(plan.servers.map((server) => planSite(server, { ...plan, authority, databases })));
  const [domains] = await Promise.all([
    startHomeservers(plan, sites),
    startClients(plan, sites),
    startEgressProxy(plan, authority),
  ]);
  // Only now: an appservice may invite people of another homeserver at once.
  await Promise.all(sites.map((site) => startAppservice(plan, site)));
  return stackFile(plan, authority, domains);
}

async function startHomeservers(plan: StackPlan, sites: readonly Site[]): Promise<StackDomain[]> {
  const python = await step(plan.onProgress, 'Synapse and its Python packages', (detail) =>
    ensurePythonEnvironment(synapseEnvironment(pythonFolder), detail, plan.signal),
  );
  const startPopulated = async (site: Site): Promise<StackDomain> => {
    await startHomeserver(plan, site, python);
    return populate(plan, site, rosterKeysOf(sites, site.server.trustDomain));
  };
  return Promise.all(sites.map(startPopulated));
}

async function startClients(plan: StackPlan, sites: readonly Site[]): Promise<void> {
  await step(plan.onProgress, 'Client', () => ensureClientBuild(plan.signal));
  await Promise.all(sites.map((site) => startClient(plan, site, rosterKeysOf(sites, site.server.trustDomain))));
}

async function startDatabases(plan: StackPlan): Promise<Databases> {
  const { folder, database, reset } = plan;
  await requireSameDatabase(folder, database === 'sqlite' ? 'sqlite' : 'postgres');
  if (database === 'sqlite') return sqliteDatabases;
  const connection = database === 'start-postgres' ? await startPostgres(plan) : parsePostgresUrl(database);
  return postgresDatabases(connection, join(folder, 'postgres'), reset);
}

async function startPostgres({ folder, ports, onProgress, supervisor }: StackPlan): Promise<PostgresConnection> {
  return step(onProgress, 'PostgreSQL', async (detail) => {
    const server = await preparePostgresServer(join(folder, 'postgres'), ports.postgres, detail);
    await supervisor.start(server.process);
    return server.connection;
  });
}

async function startEgressProxy(plan: StackPlan, authority: CertificateAuthority): Promise<void> {
  const description = await prepareEgressProxy({ ...plan, folder: egressFolder(plan.folder), authority });
  await step(plan.onProgress, 'Egress proxy', () => plan.supervisor.start(description));
}

async function startHomeserver(
  { onProgress, supervisor }: StackPlan,
  { server, domain, homeserver }: Site,
  python: string,
): Promise<void> {
  await step(onProgress, `Homeserver ${server.name}`, async () => {
    if (domain) await prepareAppservice(domain.appservice);
    await prepareHomeserver(homeserver);
    await supervisor.start(homeserverProcess(homeserver, python));
  });
}

async function populate({ onProgress }: StackPlan, site: Site, rosterKeys: string[]): Promise<StackDomain> {
  const people = peopleOf(site.server, site.domain?.organisation ?? null);
  const passwords = await step(onProgress, `People of ${site.server.name}`, async (detail) => {
    const registrationSecret = await readFile(registrationSecretPathOf(site.homeserver.folder), 'utf8');
    const { name: serverName, ports } = site.server;
    const home = {
      serverName,
      clientApiUrl: clientApiUrlOf(ports),
      folder: site.homeserver.folder,
      registrationSecret,
    };
    return ensureAccounts(home, people, detail);
  });
  return describeSite(site, withPasswords(people, passwords), rosterKeys);
}

async function startAppservice({ onProgress, supervisor }: StackPlan, { server, domain }: Site): Promise<void> {
  if (!domain) return;
  await step(onProgress, `Appservice ${server.name}`, (detail) =>
    supervisor.start(appserviceProcess(domain.appservice, detail)),
  );
}

async function startClient(
  { onProgress, supervisor }: StackPlan,
  { server, domain }: Site,
  rosterKeys: string[],
): Promise<void> {
  if (!domain) return;
  const description = await prepareClient(server, domain.organisation, rosterKeys, domain.clientFolder);
  await step(onProgress, `Client of ${server.name}`, () => supervisor.start(description));
}

function stackFile(
  { folder, ports, supervisor }: StackPlan,
  authority: CertificateAuthority,
  domains: readonly StackDomain[],
): StackFile {
  return {
    domains: Object.fromEntries(domains.map((domain) => [domain.serverName, domain])),
    ca: { certificatePath: authority.certificatePath, keyPath: authority.keyPath },
    egressProxy: {
      url: `http://127.0.0.1:${ports.egressProxy}`,
      logPath: egressLogPath(egressFolder(folder)),
      controlUrl: `http://127.0.0.1:${ports.egressControl}`,
    },
    processIds: supervisor.processIds(),
  };
}
