/** The client: built once for all homeservers, served at one address for each of them. */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClientConfig } from '#contract/client-config.ts';
import type { Organisation } from '#contract/organisation.ts';
import { pinnedPartners } from '../../pinned-partners.ts';
import { readIfPresent, writePrivateFile } from '../files.ts';
import { withLock } from '../lock.ts';
import { untilAnswers } from '../processes/answers.ts';
import type { ProcessDescription } from '../processes/supervisor.ts';
import type { StackServer } from '../servers.ts';
import { StackError } from '../stack-error.ts';
import { appserviceUrlOf } from './appservice.ts';
import { clientApiUrlOf } from './homeserver.ts';

const runFile = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const mainPath = join(root, 'client', 'serve', 'main.ts');
const dist = join(root, 'client', 'dist');
const builtMark = join(root, 'node_modules', '.landbote-client-build');
const sources = ['client', join('appservice', 'contract'), 'package-lock.json'];
/** Made by the build itself, or no part of it. */
const unwatched = /^(dist|serve|generated|node_modules)$/;

/** Builds the client into client/dist, unless what lies there was built from the same sources. */
export async function ensureClientBuild(signal: AbortSignal): Promise<void> {
  await withLock(`${builtMark}.lock`, async () => {
    const digest = await sourceDigest();
    if ((await readIfPresent(builtMark)) === digest && (await readIfPresent(join(dist, 'index.html'))) !== null) return;
    await build(signal);
    await writeFile(builtMark, digest);
  });
}

async function build(signal: AbortSignal): Promise<void> {
  try {
    await runFile(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', 'client'], {
      cwd: root,
      signal,
    });
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new StackError('The client could not be built.', output, { cause });
  }
}

async function sourceDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const path of await filesBelow(join(root, source))) hash.update(path).update(await readFile(path));
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (!entries) return [path];
  const watched = entries.filter(({ name }) => !unwatched.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const nested = await Promise.all(watched.map((entry) => filesBelow(join(path, entry.name))));
  return nested.flat();
}

export function clientUrlOf({ ports }: StackServer): string {
  return `http://localhost:${ports.client}`;
}

/** Writes the client server's configuration and returns its process. */
export async function prepareClient(
  server: StackServer,
  organisation: Organisation,
  rosterKeys: string[],
  folder: string,
): Promise<ProcessDescription> {
  const configPath = join(folder, 'config.json');
  await mkdir(folder, { recursive: true });
  await writePrivateFile(configPath, JSON.stringify(configOf(server, organisation, rosterKeys), null, 2));
  return {
    name: `client ${server.name}`,
    command: process.execPath,
    args: [mainPath, '--config', configPath],
    logPath: join(folder, 'client.log'),
    whenReady: (signal) => untilAnswers(`http://127.0.0.1:${server.ports.client}/live`, signal),
  };
}

/** The schema of this file: client/serve. */
function configOf(server: StackServer, organisation: Organisation, rosterKeys: string[]): unknown {
  const homeserverUrl = clientApiUrlOf(server.ports);
  const appserviceUrl = appserviceUrlOf(server);
  const client: ClientConfig = {
    serverName: server.name,
    homeserverUrl,
    appserviceUrl,
    domainName: organisation.domain.name,
    theme: organisation.domain.theme,
    rosterKeys,
    partners: pinnedPartners(organisation, server.name),
  };
  return {
    host: '127.0.0.1',
    port: server.ports.client,
    dist,
    allowedConnections: [homeserverUrl, appserviceUrl],
    client,
  };
}
