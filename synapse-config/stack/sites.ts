/** What one homeserver of a stack consists of: the server, its people's organisation, and the plans of its parts. */
import { join } from 'node:path';
import { partnersOf } from '#appservice/reconciler/agreed-rooms.ts';
import type { ServerName } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { refusalLogPath } from '../homeserver/log-config.ts';
import type { HomeserverConfig } from '../homeserver/render.ts';
import type { CertificateAuthority } from './certificates.ts';
import { readOrganisation } from './organisation.ts';
import { appserviceFilesOf, appserviceUrlOf, keptRosterKey, type AppservicePlan } from './parts/appservice.ts';
import { clientUrlOf } from './parts/client.ts';
import type { Databases } from './parts/database.ts';
import { clientApiUrlOf, logFolderOf, type HomeserverPlan } from './parts/homeserver.ts';
import type { StackPorts, StackServer } from './servers.ts';
import type { StackDomain, StackPerson } from './stack-file.ts';

export interface Site {
  readonly server: StackServer;
  readonly folder: string;
  readonly homeserver: HomeserverPlan;
  /** null for a stranger. */
  readonly domain: SiteDomain | null;
}

interface SiteDomain {
  readonly organisation: Organisation;
  readonly appservice: AppservicePlan;
  readonly clientFolder: string;
  /** Public half of the key with which its appservice signs rosters. */
  readonly rosterKey: string;
}

export interface SiteSurroundings {
  /** The stack's folder. */
  readonly folder: string;
  readonly ports: StackPorts;
  readonly authority: CertificateAuthority;
  readonly databases: Databases;
  readonly overrides: ReadonlyMap<ServerName, HomeserverConfig>;
}

export async function planSite(server: StackServer, surroundings: SiteSurroundings): Promise<Site> {
  const folder = join(surroundings.folder, server.name);
  const domain = await planDomain(server, folder, surroundings.databases);
  return { server, folder, domain, homeserver: await planHomeserver(server, folder, domain, surroundings) };
}

async function planDomain(server: StackServer, folder: string, databases: Databases): Promise<SiteDomain | null> {
  const { organisationFolder } = server;
  if (organisationFolder === null) return null;
  const database = await databases.appservice(server);
  const appserviceFolder = join(folder, 'appservice');
  return {
    organisation: await readOrganisation(organisationFolder),
    appservice: {
      server: { ...server, organisationFolder },
      folder: appserviceFolder,
      refusalLogPath: refusalLogPath(logFolderOf(homeserverFolderOf(folder))),
      ...database,
    },
    clientFolder: join(folder, 'client'),
    rosterKey: await keptRosterKey(appserviceFolder),
  };
}

const homeserverFolderOf = (siteFolder: string): string => join(siteFolder, 'homeserver');

async function planHomeserver(
  server: StackServer,
  siteFolder: string,
  domain: SiteDomain | null,
  { ports, authority, databases, overrides }: SiteSurroundings,
): Promise<HomeserverPlan> {
  const folder = homeserverFolderOf(siteFolder);
  return {
    serverName: server.name,
    ports: server.ports,
    folder,
    database: await databases.homeserver(server, folder),
    egressProxyPort: ports.egressProxy,
    authority,
    domain: domain && homeserverDomain(server, domain),
    overrides: overrides.get(server.name) ?? {},
  };
}

function homeserverDomain({ name }: StackServer, { organisation, appservice }: SiteDomain): HomeserverPlan['domain'] {
  const { registrationPaths, wallTokenPath, membershipsTokenPath } = appserviceFilesOf(appservice.folder);
  const servers = organisation.domain.servers.map((server) => server.name);
  const partners = partnersOf(organisation, name);
  return {
    federatesWith: [...servers.filter((other) => other !== name), ...partners.map(({ server: partner }) => partner)],
    registrationPaths,
    policyTokenPath: wallTokenPath,
    membershipsTokenPath,
  };
}

/** What the clients of a trust domain pin: the keys of all its appservices. */
export function rosterKeysOf(sites: readonly Site[], trustDomain: string): string[] {
  return sites.flatMap(({ server, domain }) =>
    domain && server.trustDomain === trustDomain ? [domain.rosterKey] : [],
  );
}

/** The site as the stack file tells it. */
export function describeSite(
  { server, folder, domain }: Site,
  people: StackPerson[],
  rosterKeys: string[],
): StackDomain {
  return {
    trustDomain: server.trustDomain,
    serverName: server.name,
    clientApiUrl: clientApiUrlOf(server.ports),
    federationUrl: `https://127.0.0.1:${server.ports.federation}`,
    appserviceUrl: domain && appserviceUrlOf(server),
    clientUrl: domain && clientUrlOf(server),
    dataFolder: folder,
    rosterKeys,
    people,
  };
}
