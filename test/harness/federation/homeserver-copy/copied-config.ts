/**
 * The configuration of a homeserver's copy: the original's, with other ports, files and way out, and without the
 * layers that a test takes off. Pure.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { overrideConfig, type HomeserverConfig } from '../../../../synapse-config/homeserver/render.ts';
import { recorderModule } from '../../../../synapse-config/homeserver/delivery-ledger.ts';
import { databaseSectionSchema } from './database-copy.ts';
import { wallModule } from '../../../../synapse-config/homeserver/wall-module.ts';

/** What of a homeserver.yaml a copy has to know. */
export const originalConfigSchema = z.looseObject({
  server_name: z.string(),
  listeners: z.array(
    z.looseObject({ port: z.int(), resources: z.array(z.looseObject({ names: z.array(z.string()) })) }),
  ),
  database: databaseSectionSchema,
  app_service_config_files: z.array(z.string()),
  /** The policy, and beside it the rules and the ledger. */
  modules: z.tuple([
    z.object({ module: z.string(), config: z.looseObject({ base_url: z.url() }) }),
    z.object({ module: z.literal(wallModule), config: z.looseObject({ report_url: z.url() }) }),
    z.object({ module: z.literal(recorderModule), config: z.object({}) }),
  ]),
});
export type OriginalConfig = z.infer<typeof originalConfigSchema>;

/** The layers of docs/wall.md that configuration decides. What stands in rooms is copied as it is. */
export interface Layers {
  /** `federation_domain_whitelist`, as in the original. */
  readonly whitelist: boolean;
  /** Where the policy module asks; null: the module is not loaded. */
  readonly policyUrl: string | null;
  /** The rules inside the homeserver (docs/wall.md, layer 6), as in the original. Off unless told. */
  readonly rules?: boolean;
  /** The delivery ledger, as in the original. Off unless told. */
  readonly ledger?: boolean;
}

export interface CopyPlacement {
  readonly folder: string;
  readonly clientPort: number;
  readonly federationPort: number;
  readonly egressPort: number;
  /** The section of that name. */
  readonly database: HomeserverConfig;
  readonly registrationPaths: readonly string[];
}

export function copiedConfig(original: OriginalConfig, placement: CopyPlacement, layers: Layers): HomeserverConfig {
  const { folder } = placement;
  return overrideConfig(original, {
    public_baseurl: `http://127.0.0.1:${placement.clientPort}`,
    listeners: original.listeners.flatMap((listener) => copiedListener(listener, placement)),
    database: placement.database,
    media_store_path: join(folder, 'media'),
    log_config: join(folder, 'log.yaml'),
    https_proxy: `http://127.0.0.1:${placement.egressPort}`,
    http_proxy: `http://127.0.0.1:${placement.egressPort}`,
    app_service_config_files: placement.registrationPaths,
    modules: modulesOf(original, layers),
    // These would refuse before the policy is asked.
    alias_creation_rules: [{ action: 'allow' }],
    room_list_publication_rules: [{ action: 'allow' }],
    ...(!layers.whitelist && { federation_domain_whitelist: null }),
  });
}

type Listener = OriginalConfig['listeners'][number];

/** Metrics and replication stay with the original. */
function copiedListener(listener: Listener, placement: CopyPlacement): readonly HomeserverConfig[] {
  const names = new Set(listener.resources.flatMap((resource) => resource.names));
  if (names.has('client')) return [{ ...listener, port: placement.clientPort }];
  return names.has('federation') ? [{ ...listener, port: placement.federationPort }] : [];
}

function modulesOf({ modules: [policy, rules, ledger] }: OriginalConfig, layers: Layers): readonly HomeserverConfig[] {
  return [
    ...(layers.policyUrl === null ? [] : [askingAt(policy, layers.policyUrl)]),
    ...(layers.rules === true ? [rules] : []),
    ...(layers.ledger === true ? [ledger] : []),
  ];
}

function askingAt(module: OriginalConfig['modules'][0], policyUrl: string): HomeserverConfig {
  return { ...module, config: { ...module.config, base_url: policyUrl } };
}
