/**
 * What an operator decides about one homeserver's deployment: names, addresses, certificates, organisation. Relative
 * paths are relative to the parameters file. docs/production.md explains each key.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { clientConfigSchema } from '#contract/client-config.ts';
import { serverNameSchema } from '#contract/ids.ts';
import { rosterKeySchema } from '#contract/roster.ts';
import { proxyParametersSchema } from '../border/render-proxy.ts';

/** As in `ports:` of a Compose file, without the container's side: `443` or `192.0.2.10:443`. */
const publishedAddress = z
  .string()
  .regex(/^(\d{1,3}(\.\d{1,3}){3}:)?\d{1,5}$/, 'expected PORT or IPV4:PORT, in quotes');

const relativeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'expected a name inside the folder');

const deploymentParametersSchema = z.strictObject({
  serverName: serverNameSchema,
  /** The name that people open in the browser. */
  clientHost: proxyParametersSchema.shape.clientHost,
  /** Shown to people before they sign in. */
  domainName: clientConfigSchema.shape.domainName,
  theme: clientConfigSchema.shape.theme,
  /** Where the proxy is published on the host. */
  publish: z.strictObject({
    clients: publishedAddress.default('443'),
    federation: publishedAddress.default('8448'),
  }),
  /** The gateway through which alone Synapse reaches other homeservers: a CONNECT proxy. */
  egressGateway: z.string().regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'expected host:port'),
  /** The other homeservers of the trust domain. */
  federatesWith: z.array(serverNameSchema),
  /** Keys whose rosters clients take beside the own appservice's: of the domain's others, and of the next own one. */
  rosterKeys: z.array(rosterKeySchema).default([]),
  /** PEM files of the authorities that vouch for other homeservers. They replace the system's list. */
  certificateAuthorities: z.array(z.string().min(1)).min(1),
  /** PEM files: the chain for `serverName` and `clientHost`, and its private key. */
  tls: z.strictObject({ certificate: z.string().min(1), key: z.string().min(1) }),
  organisation: z.strictObject({
    folder: z.string().min(1),
    /** Files and folders in it that the appservice reads, in this order. */
    read: z.array(relativeName).min(1),
  }),
});
export type DeploymentParameters = z.infer<typeof deploymentParametersSchema>;

/** Bad parameters: all problems, each with its path. */
export class ParametersError extends Error {
  override readonly name = 'ParametersError';
}

/**
 * Reads and checks a parameters file; paths in the result are absolute.
 * Throws ParametersError with all problems.
 */
export async function readDeploymentParameters(path: string): Promise<DeploymentParameters> {
  const parsed = deploymentParametersSchema.safeParse(parseYaml(path, await readText(path)));
  if (!parsed.success) throw new ParametersError(`${path}:\n${z.prettifyError(parsed.error)}`);
  return withAbsolutePaths(parsed.data, dirname(path));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ParametersError(`${path}: cannot be read. Name an existing file with --parameters.`, { cause: error });
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ParametersError(`${path}: no YAML. ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

function withAbsolutePaths(parameters: DeploymentParameters, folder: string): DeploymentParameters {
  const absolute = (path: string): string => resolve(folder, path);
  return {
    ...parameters,
    certificateAuthorities: parameters.certificateAuthorities.map(absolute),
    tls: { certificate: absolute(parameters.tls.certificate), key: absolute(parameters.tls.key) },
    organisation: { ...parameters.organisation, folder: absolute(parameters.organisation.folder) },
  };
}
