/** One Synapse of a stack: its folder, its configuration from the same templates as in production, its process. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '#contract/ids.ts';
import { renderLogConfig } from '../../homeserver/log-config.ts';
import {
  homeserverParametersSchema,
  strangerParametersSchema,
  type DatabaseParameters,
  type HomeserverParameters,
  type StrangerParameters,
} from '../../homeserver/parameters.ts';
import {
  overrideConfig,
  renderHomeserver,
  renderStranger,
  toYaml,
  type HomeserverConfig,
} from '../../homeserver/render.ts';
import { issueServerCertificate, type CertificateAuthority } from '../certificates.ts';
import { keptSecret, writePrivateFile } from '../files.ts';
import { untilAnswers } from '../processes/answers.ts';
import type { ProcessDescription } from '../processes/supervisor.ts';
import type { ServerPorts } from '../servers.ts';

export interface HomeserverPlan {
  readonly serverName: ServerName;
  readonly ports: ServerPorts;
  /** Everything of this homeserver lies here. */
  readonly folder: string;
  readonly database: DatabaseParameters;
  readonly egressProxyPort: number;
  readonly authority: CertificateAuthority;
  /** null for a stranger: open, and without an appservice. */
  readonly domain: HomeserverDomain | null;
  /** Put over the rendered configuration; null removes a key. Tests lift single layers of the wall with it. */
  readonly overrides: HomeserverConfig;
}

interface HomeserverDomain {
  readonly federatesWith: readonly ServerName[];
  readonly registrationPaths: readonly string[];
  readonly policyTokenPath: string;
  readonly membershipsTokenPath: string;
}

const host = '127.0.0.1';

/** Where Python finds our own modules. */
export const modulesFolder = fileURLToPath(new URL('../../modules', import.meta.url));

/** What Synapse's process needs to load them. */
export const modulesEnvironment = { PYTHONPATH: modulesFolder, PYTHONDONTWRITEBYTECODE: '1' };

/** Loose enough for the invented people of a stack, who sign in often and have random passwords. */
const passwordHashRounds = 8;

export function clientApiUrlOf({ clientApi }: ServerPorts): string {
  return `http://127.0.0.1:${clientApi}`;
}

export function registrationSecretPathOf(folder: string): string {
  return join(folder, 'registration-secret');
}

export function logFolderOf(folder: string): string {
  return join(folder, 'logs');
}

/** Writes all files that the homeserver reads. Secrets and the signing key are kept from start to start. */
export async function prepareHomeserver(plan: HomeserverPlan): Promise<void> {
  const parameters = placementOf(plan);
  await Promise.all(
    [parameters.mediaFolder, logFolderOf(plan.folder)].map((folder) => mkdir(folder, { recursive: true })),
  );
  await Promise.all([
    keptSecret(parameters.signingKeyPath, newSigningKey),
    keptSecret(parameters.registrationSecretPath),
    keptSecret(parameters.macaroonSecretPath),
    keptSecret(parameters.formSecretPath),
    writeServerCertificate(plan),
    writePrivateFile(parameters.logConfigPath, toYaml(renderLogConfig(logFolderOf(plan.folder)))),
    writePrivateFile(configPathOf(plan.folder), toYaml(overrideConfig(configOf(plan), plan.overrides))),
  ]);
}

/** The homeserver's process. `python` is the environment's interpreter. */
export function homeserverProcess(plan: HomeserverPlan, python: string): ProcessDescription {
  return {
    name: `synapse ${plan.serverName}`,
    command: python,
    args: ['-m', 'synapse.app.homeserver', '--config-path', configPathOf(plan.folder)],
    cwd: plan.folder,
    env: modulesEnvironment,
    logPath: join(logFolderOf(plan.folder), 'process.log'),
    whenReady: (signal) => untilAnswers(`${clientApiUrlOf(plan.ports)}/health`, signal),
  };
}

function configOf(plan: HomeserverPlan): HomeserverConfig {
  if (!plan.domain) return renderStranger(strangerParametersSchema.parse(placementOf(plan)));
  const { federatesWith, registrationPaths, policyTokenPath, membershipsTokenPath } = plan.domain;
  return renderHomeserver(
    homeserverParametersSchema.parse({
      ...placementOf(plan),
      federatesWith,
      registrationPaths,
      policy: { url: `http://127.0.0.1:${plan.ports.appserviceHomeserver}/wall`, tokenPath: policyTokenPath },
      membershipsListener: { host, port: plan.ports.memberships, tokenPath: membershipsTokenPath },
      redis: null,
      metricsListener: null,
    } satisfies Record<keyof HomeserverParameters, unknown>),
  );
}

function placementOf({
  serverName,
  ports,
  folder,
  database,
  egressProxyPort,
  authority,
}: HomeserverPlan): StrangerParameters {
  return {
    serverName,
    publicBaseUrl: clientApiUrlOf(ports),
    clientListener: { host, port: ports.clientApi, behindProxy: false },
    federationListener: { host, port: ports.federation, tls: tlsPathsOf(folder) },
    database,
    // The user part only tells the egress proxy's log who asks.
    egressProxyUrl: `http://${serverName}:local@${host}:${egressProxyPort}`,
    certificateAuthorityPaths: [authority.certificatePath],
    // On one machine the egress proxy listens on loopback, which Synapse otherwise refuses to call.
    reachablePrivateAddresses: [`${host}/32`],
    signingKeyPath: join(folder, 'signing.key'),
    registrationSecretPath: registrationSecretPathOf(folder),
    macaroonSecretPath: join(folder, 'macaroon-secret'),
    formSecretPath: join(folder, 'form-secret'),
    mediaFolder: join(folder, 'media'),
    logConfigPath: join(folder, 'log-config.yaml'),
    passwordHashRounds,
  };
}

function configPathOf(folder: string): string {
  return join(folder, 'homeserver.yaml');
}

function tlsPathsOf(folder: string): { certificatePath: string; privateKeyPath: string } {
  return { certificatePath: join(folder, 'certificate.pem'), privateKeyPath: join(folder, 'certificate-key.pem') };
}

async function writeServerCertificate({ authority, serverName, folder }: HomeserverPlan): Promise<void> {
  const { certificate, key } = await issueServerCertificate(authority, serverName);
  const paths = tlsPathsOf(folder);
  await Promise.all([
    writePrivateFile(paths.certificatePath, certificate),
    writePrivateFile(paths.privateKeyPath, key),
  ]);
}

/** Synapse's file format: algorithm, key version, unpadded base64 of the 32-byte seed. */
function newSigningKey(): string {
  const version = `a_${randomBytes(3).toString('hex')}`;
  return `ed25519 ${version} ${randomBytes(32).toString('base64').replace(/=+$/, '')}\n`;
}
