/**
 * Renders the configuration of a homeserver: the template's keys, with the parameters' keys beside them. Pure but
 * for reading the templates once.
 */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { deliveriesModule, deliveriesPath, recorderModule } from './delivery-ledger.ts';
import { membershipsModule, membershipsPath, peopleId, provisionerId } from './memberships-endpoint.ts';
import type { DatabaseParameters, HomeserverParameters, StrangerParameters } from './parameters.ts';
import { closedAccountsModule, closedAccountsPath, surveyModule, surveyPath } from './survey-endpoint.ts';
import { reportsPath, wallModule } from './wall-module.ts';

/** A homeserver.yaml as an object; keys are those of Synapse's configuration manual. */
export type HomeserverConfig = Readonly<Record<string, unknown>>;

const configSchema = z.record(z.string(), z.unknown());

/** Reads a configuration back from its text. Throws if it is no mapping. */
export function fromYaml(text: string): HomeserverConfig {
  return configSchema.parse(parse(text));
}

/** The seven questions that Synapse asks the appservice. `accept_make_join` must stay out: Synapse 1.163 refuses to start with it. */
export const policyCallbacks = [
  'user_may_create_room',
  'user_may_invite',
  'federated_user_may_invite',
  'user_may_join_room',
  'user_may_publish_room',
  'user_may_create_room_alias',
  'user_may_send_3pid_invite',
] as const;

function readTemplate(fileName: string): HomeserverConfig {
  return fromYaml(readFileSync(new URL(fileName, import.meta.url), 'utf8'));
}

const template = readTemplate('homeserver.template.yaml');
const strangerTemplate = readTemplate('stranger.template.yaml');

/** The configuration of a homeserver of a trust domain. */
export function renderHomeserver(parameters: HomeserverParameters): HomeserverConfig {
  return {
    ...placementOf(parameters),
    ...template,
    // Pushers may have plain addresses; the appservice alone is reached directly. Both are said outright, or the
    // environment's http_proxy and no_proxy would count.
    http_proxy: parameters.egressProxyUrl,
    no_proxy_hosts: [new URL(parameters.policy.url).hostname],
    federation_domain_whitelist: parameters.federatesWith,
    app_service_config_files: parameters.registrationPaths,
    modules: [policyModule(parameters.policy), rulesModule(parameters.policy), { module: recorderModule, config: {} }],
    ...(parameters.redis && { redis: redisSection(parameters.redis) }),
    enable_metrics: parameters.metricsListener !== null,
    listeners: [...listenersOf(parameters), ...membershipsListenersOf(parameters), ...metricsListenersOf(parameters)],
  };
}

/** The configuration of a homeserver that belongs to nobody. */
export function renderStranger(parameters: StrangerParameters): HomeserverConfig {
  return { ...placementOf(parameters), ...strangerTemplate, listeners: listenersOf(parameters) };
}

/** Puts `overrides` over a configuration; null removes a key, so that Synapse's default holds. */
export function overrideConfig(config: HomeserverConfig, overrides: HomeserverConfig): HomeserverConfig {
  const merged = Object.entries({ ...config, ...overrides });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

export function toYaml(config: HomeserverConfig): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

function placementOf(parameters: StrangerParameters): HomeserverConfig {
  return {
    server_name: parameters.serverName,
    public_baseurl: parameters.publicBaseUrl,
    ...tlsFilesOf(parameters),
    database: databaseSection(parameters.database),
    https_proxy: parameters.egressProxyUrl,
    federation_custom_ca_list: parameters.certificateAuthorityPaths,
    ip_range_whitelist: parameters.reachablePrivateAddresses,
    signing_key_path: parameters.signingKeyPath,
    registration_shared_secret_path: parameters.registrationSecretPath,
    macaroon_secret_key_path: parameters.macaroonSecretPath,
    form_secret_path: parameters.formSecretPath,
    media_store_path: parameters.mediaFolder,
    log_config: parameters.logConfigPath,
    bcrypt_rounds: parameters.passwordHashRounds,
  };
}

function tlsFilesOf({ federationListener: { tls } }: StrangerParameters): HomeserverConfig {
  return tls ? { tls_certificate_path: tls.certificatePath, tls_private_key_path: tls.privateKeyPath } : {};
}

/**
 * Two listeners, so that the network can keep them apart. `openid` and `keys` on the client listener let the appservice
 * verify OpenID tokens and see partners' keys without the federation port, whose resource brings both along anyway; the
 * reverse proxy hands neither on.
 */
function listenersOf({ clientListener, federationListener }: StrangerParameters): readonly HomeserverConfig[] {
  return [
    httpListener(clientListener, ['client', 'keys', 'openid'], {
      x_forwarded: clientListener.behindProxy,
      tag: 'client',
    }),
    httpListener(federationListener, ['federation'], {
      tls: federationListener.tls !== null,
      x_forwarded: federationListener.tls === null,
      tag: 'federation',
    }),
  ];
}

/** An additional resource exists on its own listener alone; what a module registers would be on all of them. */
function membershipsListenersOf({ membershipsListener: listener }: HomeserverParameters): readonly HomeserverConfig[] {
  if (listener === null) return [];
  const endpoint = {
    module: membershipsModule,
    config: { token_path: listener.tokenPath, inviting_service: provisionerId, joining_service: peopleId },
  };
  const token = { token_path: listener.tokenPath };
  const resources = {
    [membershipsPath]: endpoint,
    [deliveriesPath]: { module: deliveriesModule, config: token },
    [surveyPath]: { module: surveyModule, config: token },
    [closedAccountsPath]: { module: closedAccountsModule, config: token },
  };
  const options = { tag: 'memberships', additional_resources: resources };
  return [{ ...httpListener(listener, [], options), resources: [] }];
}

function metricsListenersOf({ metricsListener }: HomeserverParameters): readonly HomeserverConfig[] {
  return metricsListener ? [httpListener(metricsListener, ['metrics'], { tag: 'metrics' })] : [];
}

function httpListener(
  { host, port }: { readonly host: string; readonly port: number },
  names: readonly string[],
  options: HomeserverConfig,
): HomeserverConfig {
  return { type: 'http', bind_addresses: [host], port, resources: [{ names, compress: false }], ...options };
}

function databaseSection(database: DatabaseParameters): HomeserverConfig {
  if (database.kind === 'sqlite') return { name: 'sqlite3', args: { database: database.path } };
  const { host, port, name, user, passwordFilePath } = database;
  return {
    name: 'psycopg2',
    args: {
      host,
      port,
      dbname: name,
      user,
      ...(passwordFilePath && { passfile: passwordFilePath }),
      cp_min: 5,
      cp_max: 10,
    },
  };
}

function redisSection(redis: NonNullable<HomeserverParameters['redis']>): HomeserverConfig {
  return { enabled: true, host: redis.host, port: redis.port, password_path: redis.passwordPath };
}

function policyModule({ url, tokenPath }: HomeserverParameters['policy']): HomeserverConfig {
  return {
    module: 'synapse_http_antispam.HTTPAntispam',
    config: { base_url: url, authorization_path: tokenPath, enabled_callbacks: policyCallbacks },
  };
}

function rulesModule({ url, tokenPath }: HomeserverParameters['policy']): HomeserverConfig {
  return { module: wallModule, config: { report_url: `${url}${reportsPath}`, report_token_path: tokenPath } };
}
