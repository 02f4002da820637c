/**
 * The appservice's configuration file. Relative paths in it are relative to its folder. No secret stands in it: tokens
 * and passwords are in files of their own.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';
import { usualLimits } from './reconciler/gates.ts';
import { StartError } from './start-error.ts';

const address = z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) });
const httpUrl = z.url({ protocol: /^https?$/ });

/** An origin is compared as a whole, so it must be written as browsers send it. */
const origin = httpUrl.refine((url) => new URL(url).origin === url, 'expected an origin without a path');

const configSchema = z.strictObject({
  serverName: serverNameSchema,
  /** Base of the homeserver's client-server API. */
  homeserverUrl: httpUrl,
  /** Files and folders of the declaration (organisation/load-organisation.ts). */
  organisation: z.array(z.string().min(1)).min(1),
  listen: z.strictObject({
    /** What clients reach. */
    api: address,
    /** What the homeserver reaches, and nobody else. */
    homeserver: address,
  }),
  clientOrigins: z.array(origin),
  database: z.strictObject({ url: z.string().min(1), passwordPath: z.string().min(1).optional() }),
  registrations: z.strictObject({ provisioner: z.string().min(1), people: z.string().min(1) }),
  /** File with the token of the homeserver's policy module. */
  wallTokenPath: z.string().min(1),
  /** File with the Ed25519 key (PKCS #8, PEM) that signs heads of the audit trail. */
  auditKeyPath: z.string().min(1),
  /** File with the Ed25519 key (PKCS #8, PEM) that signs who belongs to which room (docs/adr/0022). Clients pin its public half. */
  rosterKeyPath: z.string().min(1),
  /**
   * Where the homeserver takes many memberships at once (docs/adr/0016) and, on the same listener and with the same token,
   * answers about deliveries (0020). Without it people are joined one by one.
   */
  memberships: z.strictObject({ url: httpUrl, tokenPath: z.string().min(1) }).optional(),
  /**
   * The homeserver's log of what it refused other servers by itself (docs/adr/0025), to be taken into the audit trail.
   */
  refusalLogPath: z.string().min(1).optional(),
  reconcile: z
    .strictObject({
      sweepIntervalMs: z.int().min(1_000).default(300_000),
      /** Requests to the homeserver under way at a time. */
      concurrency: z.int().min(1).max(64).default(8),
    })
    .prefault({}),
  /** What no plan may go beyond, whoever approved it (reconciler/gates.ts). */
  gates: z
    .strictObject({
      aclEntriesMax: z.int().min(1).default(usualLimits.aclEntriesMax),
      removalShareMax: z.number().min(0).max(1).default(usualLimits.removalShareMax),
      removalsWithoutGate: z.int().min(0).default(usualLimits.removalsWithoutGate),
    })
    .prefault({}),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type Config = z.infer<typeof configSchema>;

/**
 * Reads and checks a configuration file and makes its paths absolute.
 * Throws a StartError with all problems at once.
 */
export async function readConfig(path: string): Promise<Config> {
  const result = configSchema.safeParse(await readYaml(path));
  if (!result.success) {
    throw new StartError(result.error.issues.map((issue) => `${path} ${issue.path.join('.')}: ${issue.message}`));
  }
  return withAbsolutePaths(result.data, dirname(resolve(path)));
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new StartError([`${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const { passwordPath } = config.database;
  const { memberships, refusalLogPath } = config;
  return {
    ...config,
    organisation: config.organisation.map((path) => resolve(folder, path)),
    database: {
      url: config.database.url.replace(
        /^sqlite:(?!:memory:)(.+)$/,
        (_, path: string) => `sqlite:${resolve(folder, path)}`,
      ),
      ...(passwordPath === undefined ? {} : { passwordPath: resolve(folder, passwordPath) }),
    },
    registrations: {
      provisioner: resolve(folder, config.registrations.provisioner),
      people: resolve(folder, config.registrations.people),
    },
    wallTokenPath: resolve(folder, config.wallTokenPath),
    auditKeyPath: resolve(folder, config.auditKeyPath),
    rosterKeyPath: resolve(folder, config.rosterKeyPath),
    ...(refusalLogPath !== undefined && { refusalLogPath: resolve(folder, refusalLogPath) }),
    ...(memberships && { memberships: { ...memberships, tokenPath: resolve(folder, memberships.tokenPath) } }),
  };
}
