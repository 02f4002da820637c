/**
 * Configuration of the appservice and of the program that serves the client, as their containers see the world.
 */
import { join } from 'node:path';
import type { ClientConfig } from '#contract/client-config.ts';
import { refusalLogPath } from '../homeserver/log-config.ts';
import { membershipsPath } from '../homeserver/memberships-endpoint.ts';
import type { DeploymentParameters } from './parameters.ts';
import { containerFolders, ports } from './services.ts';

const secret = (name: string): string => join(containerFolders.secrets, name);

export function renderAppserviceConfig(parameters: DeploymentParameters): Record<string, unknown> {
  return {
    serverName: parameters.serverName,
    homeserverUrl: `http://synapse:${ports.synapseClients}`,
    organisation: parameters.organisation.read.map((name) => join('/organisation', name)),
    listen: {
      api: { host: '0.0.0.0', port: ports.appserviceApi },
      homeserver: { host: '0.0.0.0', port: ports.appserviceHomeserver },
    },
    clientOrigins: [`https://${parameters.clientHost}`],
    database: {
      url: `postgres://appservice@postgres:${ports.postgres}/appservice`,
      passwordPath: secret('database-password'),
    },
    registrations: {
      provisioner: secret('registration-provisioner.yaml'),
      people: secret('registration-people.yaml'),
    },
    wallTokenPath: secret('wall-token'),
    auditKeyPath: secret('audit-key.pem'),
    rosterKeyPath: secret('roster-key.pem'),
    memberships: {
      url: `http://synapse:${ports.synapseMemberships}${membershipsPath}`,
      tokenPath: secret('memberships-token'),
    },
    refusalLogPath: refusalLogPath(containerFolders.refusals),
    reconcile: { sweepIntervalMs: 300_000, concurrency: 8 },
  };
}

/** @param ownRosterKey public half of the key with which this deployment's appservice signs rosters */
export function renderClientConfig(
  parameters: DeploymentParameters,
  ownRosterKey: string,
  partners: ClientConfig['partners'],
): Record<string, unknown> {
  const origin = `https://${parameters.clientHost}`;
  return {
    host: '0.0.0.0',
    port: ports.client,
    dist: '/app/client/dist',
    // Homeserver and appservice answer under the client's own origin.
    allowedConnections: [],
    client: {
      serverName: parameters.serverName,
      homeserverUrl: origin,
      appserviceUrl: origin,
      domainName: parameters.domainName,
      theme: parameters.theme,
      rosterKeys: [ownRosterKey, ...parameters.rosterKeys],
      partners,
    },
  };
}
