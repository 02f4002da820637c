/**
 * Renders everything a deployment needs and makes the secrets that do not exist yet:
 *
 *     sudo node synapse-config/production/configure.ts --parameters deployment.yaml --folder /srv/landbote
 *
 * May run again at any time: configuration is rendered anew, secrets stay. Needs root, because each secret file is
 * given to the user of the one container that reads it. docs/production.md goes through it step by step.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatDiagnostic } from '#appservice/organisation/diagnostic.ts';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import { pinnedPartners } from '../pinned-partners.ts';
import { renderDeployment } from './deployment-files.ts';
import type { OperatorFiles } from './deployment.ts';
import { ParametersError, readDeploymentParameters, type DeploymentParameters } from './parameters.ts';
import { loadSecretValues } from './secret-values.ts';
import { writeDeployment, type ChangeOwner } from './write-files.ts';

/** Reads the parameters, renders and writes. Throws ParametersError if the parameters or the files they name are bad. */
export async function configure(parametersPath: string, folder: string, giveTo?: ChangeOwner): Promise<void> {
  const parameters = await readDeploymentParameters(resolve(parametersPath));
  const operatorFiles = await readOperatorFiles(parameters);
  const secrets = await loadSecretValues(join(folder, 'secrets', 'values'));
  await writeDeployment(folder, renderDeployment(parameters, secrets, operatorFiles, folder), giveTo);
}

async function readOperatorFiles(parameters: DeploymentParameters): Promise<OperatorFiles> {
  const problems: string[] = [];
  const read = async (path: string): Promise<string> => {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (!text.includes('-----BEGIN ')) problems.push(`${path}: expected a readable PEM file`);
    return text;
  };
  const certificateAuthorities = await Promise.all(parameters.certificateAuthorities.map(read));
  const [tlsCertificate, tlsKey] = [await read(parameters.tls.certificate), await read(parameters.tls.key)];
  const organisation = await loadOrganisation(organisationPaths(parameters));
  if (!organisation.ok) problems.push(...organisation.diagnostics.map(formatDiagnostic));
  if (!organisation.ok || problems.length > 0) throw new ParametersError(problems.join('\n'));
  const partners = pinnedPartners(organisation.organisation, parameters.serverName);
  return { certificateAuthorities, tlsCertificate, tlsKey, partners };
}

function organisationPaths({ organisation: { folder, read } }: DeploymentParameters): string[] {
  return read.map((name) => join(folder, name));
}

const usage = 'Usage: node synapse-config/production/configure.ts --parameters FILE --folder FOLDER';

function readArguments(): { readonly parameters: string; readonly folder: string } {
  try {
    const { values } = parseArgs({ options: { parameters: { type: 'string' }, folder: { type: 'string' } } });
    const { parameters, folder } = values;
    if (parameters !== undefined && folder !== undefined) return { parameters, folder: resolve(folder) };
  } catch (error) {
    throw new ParametersError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
  throw new ParametersError(usage);
}

async function main(): Promise<void> {
  const { parameters, folder } = readArguments();
  if (process.getuid?.() !== 0) {
    throw new ParametersError('Run this as root (sudo): each secret file is given to the user of one container.');
  }
  await configure(parameters, folder);
  console.log(
    `Ready. Go on with step 3 of docs/production.md; the file for --env-file: ${join(folder, 'compose.env')}`,
  );
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    if (!(error instanceof ParametersError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  });
}
