/**
 * Synapse's configuration in production: the same templates as in development, with PostgreSQL, Redis, the proxy in
 * front of both listeners, and every secret in a file of its own.
 */
import { join } from 'node:path';
import { renderLogConfig } from '../homeserver/log-config.ts';
import { homeserverParametersSchema } from '../homeserver/parameters.ts';
import { renderHomeserver, type HomeserverConfig } from '../homeserver/render.ts';
import type { DeploymentParameters } from './parameters.ts';
import { containerFolders, egressRelayAddress, ports } from './services.ts';

const configuration = (name: string): string => join(containerFolders.configuration, name);
const secret = (name: string): string => join(containerFolders.secrets, name);
const data = (name: string): string => join(containerFolders.data, name);

export function renderSynapseConfig(parameters: DeploymentParameters): HomeserverConfig {
  return renderHomeserver(
    homeserverParametersSchema.parse({
      serverName: parameters.serverName,
      publicBaseUrl: `https://${parameters.clientHost}`,
      clientListener: { host: '0.0.0.0', port: ports.synapseClients, behindProxy: true },
      federationListener: { host: '0.0.0.0', port: ports.synapseFederation, tls: null },
      database: databaseParameters(),
      redis: { host: 'redis', port: ports.redis, passwordPath: secret('redis-password') },
      ...wayOut(),
      federatesWith: parameters.federatesWith,
      signingKeyPath: secret('signing-key'),
      registrationSecretPath: secret('registration-secret'),
      macaroonSecretPath: secret('macaroon-secret'),
      formSecretPath: secret('form-secret'),
      registrationPaths: [secret('registration-provisioner.yaml'), secret('registration-people.yaml')],
      policy: { url: `http://appservice:${ports.appserviceHomeserver}/wall`, tokenPath: secret('wall-token') },
      membershipsListener: { host: '0.0.0.0', port: ports.synapseMemberships, tokenPath: secret('memberships-token') },
      mediaFolder: data('media'),
      logConfigPath: configuration('log.yaml'),
      metricsListener: null,
      passwordHashRounds: 12,
    }),
  );
}

export function renderSynapseLogConfig(): HomeserverConfig {
  return renderLogConfig(containerFolders.data, containerFolders.refusals);
}

function databaseParameters(): Record<string, unknown> {
  return {
    kind: 'postgres',
    host: 'postgres',
    port: ports.postgres,
    name: 'synapse',
    user: 'synapse',
    passwordFilePath: secret('database-password'),
  };
}

function wayOut(): Record<string, unknown> {
  return {
    egressProxyUrl: `http://egress:${ports.egress}`,
    reachablePrivateAddresses: [`${egressRelayAddress}/32`],
    certificateAuthorityPaths: [configuration('authorities.pem')],
  };
}
