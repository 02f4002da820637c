/**
 * What an operator does before the first start: certificates, a parameters file, configure.ts. The egress gateway, which
 * is a machine of its own in production, is a proxy in this process.
 */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { issueServerCertificate, openCertificateAuthority } from '#stack/certificates.ts';
import { createEgressProxy } from '#stack/egress-proxy/proxy.ts';
import { ensurePythonEnvironment, synapseEnvironment } from '#stack/python.ts';
import type { BuiltParts } from './image.ts';

const runFile = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

export const serverName = 'land.hessen.test';
export const gatewayPort = 3128;

/** The two have no room that reaches beyond them, so the other ministries and the schools' server can be left out. */
const twoMinistries = ['room-classes.yaml', 'land/domain.yaml', 'land/bodies/hmdj.yaml', 'land/bodies/hmwk.yaml'];

export interface Prepared {
  /** The deployment folder that configure.ts made. */
  readonly folder: string;
  readonly authorityPath: string;
}

/** Makes certificates and parameters in `folder` and configures a deployment from them. */
export async function prepareDeployment(folder: string, gatewayHost: string): Promise<Prepared> {
  const operatorFolder = join(folder, 'operator');
  await mkdir(operatorFolder, { recursive: true });
  const authority = await openCertificateAuthority(operatorFolder);
  const { certificate, key } = await issueServerCertificate(authority, serverName);
  await writeFile(join(operatorFolder, 'chain.pem'), certificate);
  await writeFile(join(operatorFolder, 'chain-key.pem'), key, { mode: 0o600 });
  const parametersPath = join(operatorFolder, 'deployment.yaml');
  await writeFile(parametersPath, stringify(parametersFor(gatewayHost)));
  const deployment = join(folder, 'deployment');
  await configure(parametersPath, deployment);
  return { folder: deployment, authorityPath: authority.certificatePath };
}

function parametersFor(gatewayHost: string): Record<string, unknown> {
  return {
    serverName,
    clientHost: serverName,
    domainName: 'Land Hessen',
    theme: 'land',
    publish: { clients: '443', federation: '8448' },
    egressGateway: `${gatewayHost}:${gatewayPort}`,
    federatesWith: ['schule.hessen.test'],
    certificateAuthorities: ['certificate.pem'],
    tls: { certificate: 'chain.pem', key: 'chain-key.pem' },
    organisation: { folder: join(repository, 'synapse-config/organisation'), read: twoMinistries },
  };
}

/** Runs the command that docs/production.md names. */
async function configure(parametersPath: string, folder: string): Promise<void> {
  const program = join(repository, 'synapse-config/production/configure.ts');
  await runFile(process.execPath, [program, '--parameters', parametersPath, '--folder', folder]);
}

/** What building the images would have made. */
export async function prepareParts(folder: string): Promise<BuiltParts> {
  const pythonEnvironment = join(repository, '.local', 'venv');
  await ensurePythonEnvironment(synapseEnvironment(pythonEnvironment), () => undefined);
  const clientDist = join(folder, 'client-dist');
  const build = ['node_modules/vite/bin/vite.js', 'build', 'client', '--outDir', clientDist, '--emptyOutDir'];
  await runFile(process.execPath, build, { cwd: repository });
  const nodeModules = join(folder, 'node_modules');
  await copyProductionModules(nodeModules);
  return { pythonEnvironment, clientDist, nodeModules };
}

/** As `npm prune --omit=dev` would leave them; hard links, so that it takes no time. */
async function copyProductionModules(folder: string): Promise<void> {
  const { stdout } = await runFile('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: repository });
  const modules = join(repository, 'node_modules');
  const names = stdout.split('\n').map((path) => relative(modules, path));
  const topLevel = names.filter((name) => /^(@[^/]+\/)?[^/.@][^/]*$/.test(name));
  await rm(folder, { recursive: true, force: true });
  for (const name of topLevel) await mkdir(dirname(join(folder, name)), { recursive: true });
  await Promise.all(topLevel.map((name) => runFile('cp', ['-al', join(modules, name), join(folder, name)])));
}

export interface EgressGateway {
  /** Every `name:port` that was asked for. */
  readonly targets: readonly string[];
  readonly listen: (host: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A gateway that lets nothing through and remembers what was asked for. */
export function createEgressGateway(): EgressGateway {
  const targets: string[] = [];
  const proxy = createEgressProxy({
    mappings: new Map(),
    record: ({ target }) => void targets.push(target),
    answerWellKnown: (socket) => socket.destroy(),
  });
  return {
    targets,
    listen: async (host) => {
      await once(proxy.listen(gatewayPort, host), 'listening');
    },
    stop: () => closed(proxy),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
}
