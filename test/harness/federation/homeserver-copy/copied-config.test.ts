import { describe, expect, test } from 'vitest';
import { copiedConfig, originalConfigSchema, type CopyPlacement } from './copied-config.ts';

const original = originalConfigSchema.parse({
  server_name: 'land.hessen.test',
  federation_domain_whitelist: ['schule.hessen.test'],
  signing_key_path: '/original/signing.key',
  listeners: [
    { port: 1, tls: false, resources: [{ names: ['client', 'keys', 'openid'] }] },
    { port: 2, tls: true, resources: [{ names: ['federation'] }] },
    { port: 3, resources: [{ names: ['metrics'] }] },
  ],
  database: { name: 'sqlite3', args: { database: '/original/homeserver.db' } },
  app_service_config_files: ['/original/provisioner.yaml'],
  modules: [
    { module: 'synapse_http_antispam.HTTPAntispam', config: { base_url: 'http://127.0.0.1:4/wall' } },
    { module: 'landbote_wall.Wall', config: { report_url: 'http://127.0.0.1:4/wall/refusals' } },
    { module: 'landbote_deliveries.DeliveryRecorder', config: {} },
  ],
});

const placement: CopyPlacement = {
  folder: '/copy',
  clientPort: 11,
  federationPort: 12,
  egressPort: 13,
  database: { name: 'sqlite3', args: { database: '/copy/homeserver.db' } },
  registrationPaths: ['/copy/provisioner.yaml'],
};

describe("the configuration of a homeserver's copy", () => {
  test('keeps name and signing key, and shares neither port nor database with the original', () => {
    const config = copiedConfig(original, placement, { whitelist: true, policyUrl: null });
    expect(config).toMatchObject({
      server_name: 'land.hessen.test',
      signing_key_path: '/original/signing.key',
      https_proxy: 'http://127.0.0.1:13',
      http_proxy: 'http://127.0.0.1:13',
      listeners: [
        { port: 11, tls: false },
        { port: 12, tls: true },
      ],
      database: { args: { database: '/copy/homeserver.db' } },
      app_service_config_files: ['/copy/provisioner.yaml'],
    });
  });

  test('has the layers that are asked for, and no other', () => {
    const whitelistAlone = copiedConfig(original, placement, { whitelist: true, policyUrl: null });
    expect(whitelistAlone).toMatchObject({ federation_domain_whitelist: ['schule.hessen.test'], modules: [] });
    const policyAlone = copiedConfig(original, placement, { whitelist: false, policyUrl: 'http://127.0.0.1:5/wall' });
    expect(policyAlone).not.toHaveProperty('federation_domain_whitelist');
    expect(policyAlone['modules']).toMatchObject([{ config: { base_url: 'http://127.0.0.1:5/wall' } }]);
    const rulesAlone = copiedConfig(original, placement, { whitelist: false, policyUrl: null, rules: true });
    expect(rulesAlone['modules']).toEqual([original.modules[1]]);
    const ledgerAlone = copiedConfig(original, placement, { whitelist: false, policyUrl: null, ledger: true });
    expect(ledgerAlone['modules']).toEqual([original.modules[2]]);
  });
});
