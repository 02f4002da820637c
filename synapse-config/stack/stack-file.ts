/**
 * `.local/stack.json`: what a running stack tells programs. Written when everything is up, removed when it ends.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { serverNameSchema, slugSchema, userIdSchema } from '#contract/ids.ts';
import { roleSchema } from '#contract/organisation.ts';
import { rosterKeySchema } from '#contract/roster.ts';

const loopbackUrl = z.url({ protocol: /^https?$/ });

const stackPersonSchema = z.object({
  userId: userIdSchema,
  name: z.string(),
  password: z.string(),
  roles: z.array(roleSchema),
  /** `body` or `body/unit` */
  unit: z.string(),
});
export type StackPerson = z.infer<typeof stackPersonSchema>;

const stackDomainSchema = z.object({
  trustDomain: slugSchema,
  serverName: serverNameSchema,
  clientApiUrl: loopbackUrl,
  /** TLS; the certificate names `serverName`. */
  federationUrl: loopbackUrl,
  /** null for a homeserver without an appservice (`fremd.test`). */
  appserviceUrl: loopbackUrl.nullable(),
  clientUrl: loopbackUrl.nullable(),
  dataFolder: z.string(),
  /** What its clients pin; empty for a stranger. */
  rosterKeys: z.array(rosterKeySchema),
  people: z.array(stackPersonSchema),
});
export type StackDomain = z.infer<typeof stackDomainSchema>;

const stackFileSchema = z.object({
  /** By server name. */
  domains: z.record(serverNameSchema, stackDomainSchema),
  ca: z.object({ certificatePath: z.string(), keyPath: z.string() }),
  egressProxy: z.object({ url: loopbackUrl, logPath: z.string(), controlUrl: loopbackUrl }),
  /** By the name of the process: `synapse land.hessen.test`. */
  processIds: z.record(z.string(), z.int()),
});
export type StackFile = z.infer<typeof stackFileSchema>;

/**
 * Reads and checks a stack file.
 * Throws if it is missing (no stack runs) or is none.
 */
export async function readStackFile(path: string): Promise<StackFile> {
  return stackFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
