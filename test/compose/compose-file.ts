/**
 * Reads docker-compose.yml as far as the tests need it: variables put in, anchors merged, checked against a schema that
 * refuses keys it does not know, so that no setting goes untested by accident.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const names = z.array(z.string());

const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
  user: z.string(),
  entrypoint: names,
  command: names,
  environment: z.record(z.string(), z.string()).default({}),
  volumes: names.default([]),
  tmpfs: names,
  secrets: z.array(z.strictObject({ source: z.string(), target: z.string() })).default([]),
  ports: names.default([]),
  networks: z.record(z.string(), z.strictObject({ ipv4_address: z.ipv4().optional() })),
  extra_hosts: names.default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).default({}),
  healthcheck: z.strictObject({
    test: names,
    interval: z.string(),
    timeout: z.string(),
    retries: z.int(),
    start_period: z.string(),
  }),
  restart: z.string(),
  init: z.literal(true),
  read_only: z.boolean().default(false),
  cap_drop: names.default([]),
  security_opt: names.default([]),
  stop_signal: z.enum(['SIGTERM', 'SIGINT']).default('SIGTERM'),
  stop_grace_period: z.string().optional(),
  shm_size: z.string().optional(),
  mem_limit: z.string().optional(),
  cpus: z.number().optional(),
  pids_limit: z.int().optional(),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
});
export type ComposeService = z.infer<typeof serviceSchema>;

const composeFileSchema = z.strictObject({
  'x-service': z.unknown(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(
    z.string(),
    z.strictObject({
      internal: z.boolean().default(false),
      ipam: z.strictObject({ config: z.tuple([z.strictObject({ subnet: z.cidrv4() })]) }).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.strictObject({})),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});
export type ComposeFile = z.infer<typeof composeFileSchema>;

/** Variables of a Compose file by name. */
export type Variables = Readonly<Record<string, string>>;

/**
 * Reads a Compose file. Throws if a variable has no value or a key is not known.
 */
export async function readComposeFile(path: string, variables: Variables): Promise<ComposeFile> {
  const text = await readFile(path, 'utf8');
  return composeFileSchema.parse(parse(substitute(text, variables), { merge: true }));
}

/** Reads an env file: `NAME=value` lines. */
export async function readVariables(path: string): Promise<Variables> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** `${NAME}` and `${NAME:?message}`: the two forms that the file uses. */
function substitute(text: string, variables: Variables): string {
  return text.replaceAll(/\$\{(\w+)(?::\?([^}]*))?\}/g, (_match, name: string, message: string | undefined) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${name} is not set${message === undefined ? '' : `: ${message}`}`);
    return value;
  });
}

/** The services in an order in which each comes after those it depends on. */
export function inStartOrder(services: ComposeFile['services']): readonly string[] {
  const ordered = new Set<string>();
  const add = (name: string): void => {
    for (const needed of Object.keys(services[name]?.depends_on ?? {})) add(needed);
    ordered.add(name);
  };
  for (const name of Object.keys(services)) add(name);
  return [...ordered];
}
