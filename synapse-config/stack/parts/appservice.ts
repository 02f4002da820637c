/** A homeserver's appservice as a process of the stack: its tokens, registrations and configuration. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { z } from 'zod';
import { membershipsPath } from '../../homeserver/memberships-endpoint.ts';
import {
  renderPeopleRegistration,
  renderProvisionerRegistration,
  type RegistrationTokens,
} from '../../homeserver/registration.ts';
import { toYaml } from '../../homeserver/render.ts';
import { createEd25519Key, publicKeyOf } from '../../homeserver/ed25519-key.ts';
import { keptSecret, randomSecret, writePrivateFile } from '../files.ts';
import { untilAnswers } from '../processes/answers.ts';
import type { ProcessDescription } from '../processes/supervisor.ts';
import { roomClassesPath, type StackServer } from '../servers.ts';
import { clientApiUrlOf } from './homeserver.ts';

const mainPath = fileURLToPath(new URL('../../../appservice/src/main.ts', import.meta.url));
const host = '127.0.0.1';

export interface AppservicePlan {
  readonly server: StackServer & { readonly organisationFolder: string };
  readonly folder: string;
  readonly databaseUrl: string;
  /** What the homeserver writes down of its own refusals. */
  readonly refusalLogPath: string;
  /** A file with the database's password; null if none is needed. */
  readonly databasePasswordPath: string | null;
}

export interface AppserviceFiles {
  readonly registrationPaths: readonly [provisioner: string, people: string];
  readonly wallTokenPath: string;
  readonly auditKeyPath: string;
  readonly rosterKeyPath: string;
  readonly membershipsTokenPath: string;
  readonly configPath: string;
}

export function appserviceFilesOf(folder: string): AppserviceFiles {
  return {
    registrationPaths: [join(folder, 'registration-provisioner.yaml'), join(folder, 'registration-people.yaml')],
    wallTokenPath: join(folder, 'wall-token'),
    auditKeyPath: join(folder, 'audit-key.pem'),
    rosterKeyPath: join(folder, 'roster-key.pem'),
    membershipsTokenPath: join(folder, 'memberships-token'),
    configPath: join(folder, 'config.yaml'),
  };
}

/** Writes what the appservice and its homeserver read. Tokens are made once and kept. */
export async function prepareAppservice(plan: AppservicePlan): Promise<void> {
  const files = appserviceFilesOf(plan.folder);
  const [provisionerPath, peoplePath] = files.registrationPaths;
  await mkdir(plan.folder, { recursive: true });
  await keptSecret(files.wallTokenPath);
  await keptSecret(files.membershipsTokenPath);
  await keptSecret(files.auditKeyPath, createEd25519Key);
  await keptRosterKey(plan.folder);
  const [provisioner, people] = [await keptTokens(plan.folder, 'provisioner'), await keptTokens(plan.folder, 'people')];
  const { name, ports } = plan.server;
  await Promise.all([
    writePrivateFile(
      provisionerPath,
      toYaml(renderProvisionerRegistration(name, `http://${host}:${ports.appserviceHomeserver}`, provisioner)),
    ),
    writePrivateFile(peoplePath, toYaml(renderPeopleRegistration(name, people))),
    writePrivateFile(files.configPath, stringify(configOf(plan, files))),
  ]);
}

/** Makes the key that signs rosters, unless it is there. Returns its public half, which the clients pin. */
export async function keptRosterKey(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return publicKeyOf(await keptSecret(appserviceFilesOf(folder).rosterKeyPath, createEd25519Key));
}

export function appserviceUrlOf({ ports }: StackServer): string {
  return `http://${host}:${ports.appserviceApi}`;
}

/** Ready means: the first reconciliation is done. `onDetail` hears how far it is. */
export function appserviceProcess(
  { server, folder }: AppservicePlan,
  onDetail: (text: string) => void,
): ProcessDescription {
  return {
    name: `appservice ${server.name}`,
    command: process.execPath,
    args: [mainPath, '--config', appserviceFilesOf(folder).configPath],
    logPath: join(folder, 'appservice.log'),
    whenReady: (signal) =>
      untilAnswers(`${appserviceUrlOf(server)}/ready`, signal, async (answer) => {
        const { state, done, total } = readinessSchema.parse(await answer.json().catch(() => null));
        onDetail(total > 0 ? `${state} ${done} of ${total}` : state);
      }),
  };
}

/** What `/ready` answers before it is ready. */
const readinessSchema = z
  .object({ state: z.string(), done: z.number(), total: z.number() })
  .catch({ state: 'starting', done: 0, total: 0 });

const tokensSchema = z.object({ appserviceToken: z.string(), homeserverToken: z.string() });

async function keptTokens(folder: string, name: string): Promise<RegistrationTokens> {
  const create = (): string => JSON.stringify({ appserviceToken: randomSecret(), homeserverToken: randomSecret() });
  return tokensSchema.parse(JSON.parse(await keptSecret(join(folder, `${name}-tokens.json`), create)));
}

/** The schema of this file: appservice/src/config.ts. */
function configOf(plan: AppservicePlan, files: AppserviceFiles): unknown {
  const { server, databaseUrl, databasePasswordPath, refusalLogPath } = plan;
  const [provisioner, people] = files.registrationPaths;
  return {
    serverName: server.name,
    homeserverUrl: clientApiUrlOf(server.ports),
    organisation: [roomClassesPath, server.organisationFolder],
    listen: {
      api: { host, port: server.ports.appserviceApi },
      homeserver: { host, port: server.ports.appserviceHomeserver },
    },
    clientOrigins: [`http://localhost:${server.ports.client}`],
    database: { url: databaseUrl, ...(databasePasswordPath && { passwordPath: databasePasswordPath }) },
    registrations: { provisioner, people },
    wallTokenPath: files.wallTokenPath,
    auditKeyPath: files.auditKeyPath,
    rosterKeyPath: files.rosterKeyPath,
    memberships: {
      url: `http://${host}:${server.ports.memberships}${membershipsPath}`,
      tokenPath: files.membershipsTokenPath,
    },
    refusalLogPath,
    reconcile: { sweepIntervalMs: 300_000, concurrency: 8 },
  };
}
