import { dirname, resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { clientConfigSchema } from '#contract/client-config.ts';

/** What a content security policy calls an origin: scheme, host and port, nothing behind. */
const originSchema = z
  .string()
  .regex(/^(https?|wss?):\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'expected an origin such as https://matrix.land.hessen.test');

export const serverConfigSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535),
  /** Folder of the built client; relative to the configuration file. */
  dist: z.string().min(1),
  /** Origins the client may talk to besides its own: homeserver and appservice. */
  allowedConnections: z.array(originSchema),
  /** True behind a proxy that ends TLS: browsers are told to stay with HTTPS. */
  behindTls: z.boolean().default(false),
  /** `off`: browsers drop the service worker that they have. */
  serviceWorker: z.enum(['on', 'off']).default('on'),
  client: clientConfigSchema,
});
export type ServerConfig = z.infer<typeof serverConfigSchema>;

/** Reads and checks the configuration. Throws an error that names all problems. */
export async function readServerConfig(path: string): Promise<ServerConfig> {
  const parsed = serverConfigSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} is no client configuration:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, dist: resolve(dirname(path), parsed.data.dist) };
}
