import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';
import { openCertificateAuthority } from '#stack/certificates.ts';
import { sqliteDatabases } from '#stack/parts/database.ts';
import { prepareHomeserver } from '#stack/parts/homeserver.ts';
import { defaultPortBase, stackPorts, stackServer } from '#stack/servers.ts';
import { planSite } from '#stack/sites.ts';
import { hardeningRules } from './hardening.ts';
import { homeserverParametersSchema, type HomeserverParameters } from './parameters.ts';
import { renderLogConfig } from './log-config.ts';
import { renderPeopleRegistration, renderProvisionerRegistration } from './registration.ts';
import { fromYaml, overrideConfig, renderHomeserver, toYaml, type HomeserverConfig } from './render.ts';

const expectedPartners = {
  'land.hessen.test': ['schule.hessen.test'],
  'polizei.hessen.test': [],
  'schule.hessen.test': ['land.hessen.test'],
} as const;
type Name = keyof typeof expectedPartners;
const names: readonly Name[] = ['land.hessen.test', 'polizei.hessen.test', 'schule.hessen.test'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-render-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The file that the stack on one machine writes. */
async function developmentConfig(name: Name): Promise<HomeserverConfig> {
  const server = stackServer(serverNameSchema.parse(name), defaultPortBase);
  const authority = await openCertificateAuthority(join(folder, 'ca'));
  const surroundings = {
    folder,
    ports: stackPorts(defaultPortBase),
    authority,
    databases: sqliteDatabases,
    overrides: new Map(),
  };
  const { homeserver } = await planSite(server, surroundings);
  await prepareHomeserver(homeserver);
  return fromYaml(await readFile(join(homeserver.folder, 'homeserver.yaml'), 'utf8'));
}

function productionParameters(name: Name): HomeserverParameters {
  return homeserverParametersSchema.parse({
    serverName: name,
    publicBaseUrl: `https://matrix.${name}`,
    clientListener: { host: '0.0.0.0', port: 8008, behindProxy: true },
    federationListener: { host: '0.0.0.0', port: 8448, tls: null },
    database: {
      kind: 'postgres',
      host: 'postgres',
      port: 5432,
      name: 'synapse',
      user: 'synapse',
      passwordFilePath: '/run/secrets/pgpass',
    },
    egressProxyUrl: 'http://egress:3128',
    certificateAuthorityPaths: ['/etc/landbote/authorities.pem'],
    reachablePrivateAddresses: ['10.20.30.40/32'],
    signingKeyPath: '/run/secrets/signing.key',
    registrationSecretPath: '/run/secrets/registration',
    macaroonSecretPath: '/run/secrets/macaroon',
    formSecretPath: '/run/secrets/form',
    mediaFolder: '/data/media',
    logConfigPath: '/etc/landbote/log.yaml',
    passwordHashRounds: 12,
    federatesWith: expectedPartners[name],
    registrationPaths: ['/run/secrets/registration-provisioner.yaml', '/run/secrets/registration-people.yaml'],
    policy: { url: 'http://appservice:9010/wall', tokenPath: '/run/secrets/wall-token' },
    membershipsListener: { host: '0.0.0.0', port: 8009, tokenPath: '/run/secrets/memberships-token' },
    redis: { host: 'redis', port: 6379, passwordPath: '/run/secrets/redis' },
    metricsListener: { host: '0.0.0.0', port: 9000 },
  });
}

const productionConfig = (name: Name): HomeserverConfig =>
  fromYaml(toYaml(renderHomeserver(productionParameters(name))));

describe.each(names)('homeserver.yaml of %s', (name) => {
  describe.each([
    { shape: 'development', render: developmentConfig },
    { shape: 'production', render: async (server: Name) => productionConfig(server) },
  ])('in $shape', ({ render }) => {
    let config: HomeserverConfig;
    beforeAll(async () => {
      config = await render(name);
    });

    it.each(hardeningRules)('$name', ({ holds }) => {
      expect(holds(config)).toBe(true);
    });

    it('federates with the other servers of its own trust domain and nobody else', () => {
      expect(config['federation_domain_whitelist']).toEqual(expectedPartners[name]);
    });
  });
});

describe('a loosened homeserver.yaml is found out', () => {
  const config = productionConfig('polizei.hessen.test');
  const cases = hardeningRules.flatMap(({ name, holds, loosened }) =>
    loosened.map((overrides) => ({ name, holds, overrides, loosening: JSON.stringify(overrides) })),
  );

  it.each(cases)('$name: not with $loosening', ({ holds, overrides }) => {
    expect(holds(overrideConfig(config, overrides))).toBe(false);
  });
});

describe('in production', () => {
  const config = productionConfig('land.hessen.test');

  it('takes the database password from a file, and never the configuration', () => {
    expect(config['database']).toMatchObject({ name: 'psycopg2', args: { passfile: '/run/secrets/pgpass' } });
    expect(toYaml(config)).not.toMatch(/^\s*password: /m);
  });

  it('believes X-Forwarded-For only where a proxy stands in front', () => {
    const behindProxy = { x_forwarded: true };
    expect(config['listeners']).toMatchObject([
      behindProxy,
      behindProxy,
      { tag: 'memberships', resources: [] },
      { resources: [{ names: ['metrics'] }] },
    ]);
  });

  it('refuses an address range wider than one host', () => {
    const wide = { ...productionParameters('land.hessen.test'), reachablePrivateAddresses: ['10.0.0.0/8'] };
    expect(homeserverParametersSchema.safeParse(wide).success).toBe(false);
  });

  it('refuses a server name with a port', () => {
    const withPort = { ...productionParameters('land.hessen.test'), serverName: 'land.hessen.test:8448' };
    expect(homeserverParametersSchema.safeParse(withPort).success).toBe(false);
  });
});

describe('registrations', () => {
  const server = serverNameSchema.parse('land.hessen.test');
  const tokens = { appserviceToken: 'as', homeserverToken: 'hs' };
  const namespacesSchema = z.object({ users: z.tuple([z.object({ regex: z.string() })]) });
  const userPattern = (registration: HomeserverConfig): RegExp => {
    const { users } = namespacesSchema.parse(registration['namespaces']);
    return new RegExp(`^${users[0].regex}$`);
  };

  it('let the provisioner act for the bot alone', () => {
    const pattern = userPattern(renderProvisionerRegistration(server, 'http://127.0.0.1:4813', tokens));
    expect('@landbote:land.hessen.test').toMatch(pattern);
    for (const other of ['@anna:land.hessen.test', '@landbote:landxhessen.test', '@landbote:polizei.hessen.test']) {
      expect(other).not.toMatch(pattern);
    }
  });

  it('let the joiner act for people of this server, and neither for admins nor for the bot', () => {
    const pattern = userPattern(renderPeopleRegistration(server, tokens));
    expect('@anna.berg:land.hessen.test').toMatch(pattern);
    for (const other of ['@admin-stack:land.hessen.test', '@landbote:land.hessen.test', '@anna:polizei.hessen.test']) {
      expect(other).not.toMatch(pattern);
    }
  });

  it('push events to the provisioner alone', () => {
    expect(renderPeopleRegistration(server, tokens)['url']).toBeNull();
  });
});

describe('the log configuration', () => {
  it('keeps requests in a log of their own, for seven days', () => {
    expect(renderLogConfig('/logs')).toMatchObject({
      handlers: { requests: { filename: '/logs/requests.jsonl', backupCount: 7 } },
      loggers: { 'synapse.access': { handlers: ['requests'], propagate: false } },
    });
  });
});
