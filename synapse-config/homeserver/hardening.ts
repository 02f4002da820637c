/**
 * What must hold in the homeserver.yaml of every trust domain, key by key, whoever wrote the file. The reasons stand
 * in homeserver.template.yaml and docs/wall.md.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { deliveriesModule, deliveriesPath, recorderModule } from './delivery-ledger.ts';
import { membershipsModule, membershipsPath, peopleId, provisionerId } from './memberships-endpoint.ts';
import { policyCallbacks, type HomeserverConfig } from './render.ts';
import { closedAccountsModule, closedAccountsPath, surveyModule, surveyPath } from './survey-endpoint.ts';
import { reportsPath, wallModule } from './wall-module.ts';

export interface HardeningRule {
  readonly name: string;
  readonly holds: (config: HomeserverConfig) => boolean;
  /** Overrides that break this rule. */
  readonly loosened: readonly HomeserverConfig[];
}

const listenerSchema = z.object({
  resources: z.array(z.object({ names: z.array(z.string()) })).default([]),
});

/** The resources of each listener, sorted. */
function resourcesOf(config: HomeserverConfig): readonly (readonly string[])[] {
  const listeners = z.array(listenerSchema).parse(config['listeners']);
  return listeners.map(({ resources }) => resources.flatMap(({ names }) => names).toSorted());
}

const policyModule = z.object({
  module: z.literal('synapse_http_antispam.HTTPAntispam'),
  config: z.strictObject({
    base_url: z.url(),
    authorization_path: z.string().startsWith('/'),
    enabled_callbacks: z.array(z.string()),
  }),
});
const rulesModule = z.object({
  module: z.literal(wallModule),
  config: z.strictObject({
    report_url: z.url().endsWith(reportsPath),
    report_token_path: z.string().startsWith('/'),
  }),
});
const recorder = z.strictObject({ module: z.literal(recorderModule), config: z.strictObject({}) });
/** Exactly these, and the policy without `fail_open`. */
const modulesSchema = z.tuple([policyModule, rulesModule, recorder]);

/** Where policy is asked and refusals are reported; undefined if that is not declared as it must be. */
function policyHostsOf(modules: unknown): readonly string[] | undefined {
  const parsed = modulesSchema.safeParse(modules);
  if (!parsed.success) return undefined;
  const [policy, rules] = parsed.data;
  const hosts = [policy.config.base_url, rules.config.report_url].map((url) => new URL(url).hostname);
  return [...new Set(hosts)];
}

function asksPolicyFailingClosed(config: HomeserverConfig): boolean {
  const modules = modulesSchema.safeParse(config['modules']);
  if (!modules.success) return false;
  const callbacks = modules.data[0].config.enabled_callbacks.toSorted();
  return isDeepStrictEqual(callbacks, policyCallbacks.toSorted());
}

function equals(key: string, value: unknown, ...loosened: readonly unknown[]): HardeningRule {
  return {
    name: `${key} is ${JSON.stringify(value)}`,
    holds: (config) => isDeepStrictEqual(config[key], value),
    loosened: [...loosened, null].map((other) => ({ [key]: other })),
  };
}

function absent(key: string, loosened: unknown): HardeningRule {
  return { name: `${key} is not set`, holds: (config) => !(key in config), loosened: [{ [key]: loosened }] };
}

function satisfies(
  name: string,
  holds: HardeningRule['holds'],
  ...loosened: readonly [HomeserverConfig, ...HomeserverConfig[]]
): HardeningRule {
  return { name, holds, loosened };
}

function matches(key: string, schema: z.ZodType, ...loosened: readonly [unknown, ...unknown[]]): HardeningRule {
  return {
    name: `${key} is as strict as agreed`,
    holds: (config) => schema.safeParse(config[key]).success,
    loosened: [...loosened, null].map((other) => ({ [key]: other })),
  };
}

/** Samples for what loosens them. */
const recording = { module: recorderModule, config: {} };
const rules = {
  module: wallModule,
  config: { report_url: `http://127.0.0.1${reportsPath}`, report_token_path: '/token' },
};

const strictPowers = z.object({ invite: z.literal(100), redact: z.literal(100) });
const rate = (perSecond: number, burst: number): z.ZodType =>
  z.object({ per_second: z.number().max(perSecond), burst_count: z.int().max(burst) });
const atLeast = (perSecond: number, burst: number): z.ZodType =>
  z.object({ per_second: z.number().min(perSecond), burst_count: z.int().min(burst) });
const serverNameWithoutPort = z.string().regex(/^[a-z0-9.-]+$/);
/** Kept in files, so that the configuration itself may be shown around. */
const secretsInline = ['registration_shared_secret', 'macaroon_secret_key', 'form_secret', 'signing_key'] as const;
const secretFile = z.string().startsWith('/');

const plainListener = z.looseObject({
  type: z.literal('http'),
  resources: z.array(z.unknown()).min(1),
  additional_resources: z.never().optional(),
});
const tokenEndpoint = (module: string): z.ZodType =>
  z.strictObject({ module: z.literal(module), config: z.strictObject({ token_path: secretFile }) });
const membershipsListener = z.looseObject({
  type: z.literal('http'),
  resources: z.tuple([]),
  additional_resources: z.strictObject({
    [membershipsPath]: z.strictObject({
      module: z.literal(membershipsModule),
      config: z.strictObject({
        token_path: secretFile,
        inviting_service: z.literal(provisionerId),
        joining_service: z.literal(peopleId),
      }),
    }),
    [deliveriesPath]: tokenEndpoint(deliveriesModule),
    [surveyPath]: tokenEndpoint(surveyModule),
    [closedAccountsPath]: tokenEndpoint(closedAccountsModule),
  }),
});

const federationRules: readonly HardeningRule[] = [
  matches('server_name', serverNameWithoutPort, 'land.hessen.test:8448'),
  matches('federation_domain_whitelist', z.array(serverNameWithoutPort), ['polizei.hessen.test:8448']),
  equals('federation_whitelist_endpoint_enabled', false, true),
  equals('federation_verify_certificates', true, false),
  absent('federation_certificate_verification_whitelist', ['polizei.hessen.test']),
  matches('federation_custom_ca_list', z.array(secretFile).min(1), []),
  equals('federation_client_minimum_tls_version', '1.3', '1.0', '1.2'),
  equals('trusted_key_servers', [], [{ server_name: 'matrix.org' }]),
  matches('https_proxy', z.url({ protocol: /^https?$/ }), ''),
  matches('http_proxy', z.url({ protocol: /^https?$/ }), ''),
  satisfies(
    'no_proxy_hosts is the appservice alone',
    ({ modules, no_proxy_hosts: hosts }) => hosts !== undefined && isDeepStrictEqual(hosts, policyHostsOf(modules)),
    { no_proxy_hosts: ['*'] },
    { no_proxy_hosts: null },
  ),
  // Absent means Synapse's own list of private ranges.
  absent('ip_range_blacklist', []),
  absent('federation_ip_range_blacklist', []),
  matches('ip_range_whitelist', z.array(z.string().regex(/\/(32|128)$/)), ['10.0.0.0/8']),
];

const lookUpRules: readonly HardeningRule[] = [
  equals('allow_profile_lookup_over_federation', false, true),
  equals('allow_device_name_lookup_over_federation', false, true),
  equals('allow_public_rooms_over_federation', false, true),
  equals('allow_public_rooms_without_auth', false, true),
  equals('require_auth_for_profile_requests', true, false),
  equals('limit_profile_requests_to_users_who_share_rooms', true, false),
  equals('include_profile_data_on_invite', false, true),
  equals('enable_authenticated_media', true, false),
  equals(
    'user_directory',
    { enabled: false, search_all_users: false, exclude_remote_users: true },
    { enabled: true, search_all_users: false, exclude_remote_users: true },
  ),
  equals('enable_room_list_search', false, true),
  equals('room_list_publication_rules', [{ action: 'deny' }], [{ action: 'allow' }], []),
  equals('alias_creation_rules', [{ action: 'deny' }], [{ action: 'allow' }]),
];

const roomRules: readonly HardeningRule[] = [
  equals('default_room_version', '12', '10'),
  equals('encryption_enabled_by_default_for_room_type', 'all', 'off', 'invite'),
  matches(
    'default_power_level_content_override',
    z.object({ private_chat: strictPowers, trusted_private_chat: strictPowers, public_chat: strictPowers }),
    { private_chat: { invite: 0 } },
  ),
  equals('block_non_admin_invites', false, true),
  satisfies(
    'modules: the seven callbacks ask the appservice, and none fails open; rules and ledger stand beside them',
    asksPolicyFailingClosed,
    { modules: [] },
    { modules: null },
    { modules: [policy(policyCallbacks), recording] },
    { modules: [policy(policyCallbacks), rules] },
    { modules: [rules, recording] },
    { modules: [policy(policyCallbacks.slice(1)), rules, recording] },
    { modules: [policy([...policyCallbacks, 'accept_make_join']), rules, recording] },
    { modules: [policy(policyCallbacks, { fail_open: { user_may_invite: true } }), rules, recording] },
  ),
];

const accountRules: readonly HardeningRule[] = [
  equals('enable_registration', false, true),
  equals('enable_registration_without_verification', false, true),
  equals('allow_guest_access', false, true),
  equals('enable_3pid_lookup', false, true),
  equals('enable_3pid_changes', false, true),
  matches(
    'password_config',
    z.object({ policy: z.object({ enabled: z.literal(true), minimum_length: z.int().min(12) }) }),
    { enabled: true },
    { policy: { enabled: true, minimum_length: 4 } },
  ),
  matches(
    'rc_login',
    z.object({ address: atLeast(50 / 60, 50), account: rate(0.2, 10), failed_attempts: rate(0.02, 5) }),
    { address: { per_second: 0.003, burst_count: 5 } },
    {
      address: { per_second: 0.84, burst_count: 50 },
      account: { per_second: 0.1, burst_count: 10 },
      failed_attempts: { per_second: 100, burst_count: 100 },
    },
  ),
  ...secretsInline.map((key) => absent(key, 'written-down')),
  matches('registration_shared_secret_path', secretFile, 'relative'),
  matches('macaroon_secret_key_path', secretFile, 'relative'),
  matches('form_secret_path', secretFile, 'relative'),
  matches('signing_key_path', secretFile, 'relative'),
];

const privacyRules: readonly HardeningRule[] = [
  equals('presence', { enabled: false }, { enabled: true }),
  equals('url_preview_enabled', false, true),
  equals('report_stats', false, true),
  equals('push', { include_content: false }, { include_content: true }),
  matches('retention', z.object({ enabled: z.literal(true), allowed_lifetime_max: z.string() }), { enabled: false }),
  matches('media_retention', z.object({ local_media_lifetime: z.string(), remote_media_lifetime: z.string() }), {}),
  equals('forgotten_room_retention_period', '7d'),
  equals('redaction_retention_period', '7d'),
  equals('experimental_features', { msc3814_enabled: true }, { msc3814_enabled: true, msc4512_enabled: true }),
];

/** The federation port serves federation alone; what admins call shares a listener with clients, behind the proxy. */
const listenerRules: readonly HardeningRule[] = [
  satisfies(
    'listeners: federation stands alone on its listener',
    (config) =>
      resourcesOf(config).every((names) => !names.includes('federation') || isDeepStrictEqual(names, ['federation'])),
    { listeners: [{ resources: [{ names: ['client', 'federation'] }] }] },
  ),
  satisfies(
    'listeners: one for clients, one for federation, metrics apart',
    (config) => {
      const known = [['client', 'keys', 'openid'], ['federation'], ['metrics'], []];
      const resources = resourcesOf(config);
      return resources.length >= 2 && resources.every((names) => known.some((each) => isDeepStrictEqual(each, names)));
    },
    { listeners: [] },
    {
      listeners: [
        { resources: [{ names: ['client', 'openid', 'metrics'] }] },
        { resources: [{ names: ['federation'] }] },
      ],
    },
    { listeners: [{ resources: [{ names: ['client'] }] }, { type: 'manhole', resources: [] }] },
  ),
  satisfies(
    'listeners: what only the appservice asks has one to itself, with the token in a file',
    (config) => z.array(z.union([plainListener, membershipsListener])).safeParse(config['listeners']).success,
    {
      listeners: [
        { type: 'http', resources: [{ names: ['client', 'keys', 'openid'] }], additional_resources: endpointAt() },
      ],
    },
    { listeners: [{ type: 'http', resources: [], additional_resources: { ...endpointAt(), '/more': {} } }] },
    { listeners: [{ type: 'http', resources: [], additional_resources: endpointAt({ token: 'written-down' }) }] },
    { listeners: [{ type: 'manhole', resources: [] }] },
  ),
];

export const hardeningRules: readonly HardeningRule[] = [
  ...federationRules,
  ...lookUpRules,
  ...roomRules,
  ...accountRules,
  ...privacyRules,
  ...listenerRules,
];

function endpointAt(extra: HomeserverConfig = {}): HomeserverConfig {
  const config = { token_path: '/token', inviting_service: provisionerId, joining_service: peopleId, ...extra };
  const token = { token_path: '/token' };
  return {
    [membershipsPath]: { module: membershipsModule, config },
    [deliveriesPath]: { module: deliveriesModule, config: token },
    [surveyPath]: { module: surveyModule, config: token },
    [closedAccountsPath]: { module: closedAccountsModule, config: token },
  };
}

function policy(callbacks: readonly string[], extra: HomeserverConfig = {}): HomeserverConfig {
  const config = { base_url: 'http://127.0.0.1/wall', authorization_path: '/token', enabled_callbacks: callbacks };
  return { module: 'synapse_http_antispam.HTTPAntispam', config: { ...config, ...extra } };
}
