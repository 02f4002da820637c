/**
 * A copy of a running homeserver with some of its layers taken off: same name, signing key, people and rooms. A test
 * sees with it what a single layer blocks and lets through in a real room of the organisation, and nothing that it
 * does reaches the original.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { serverNameSchema, userIdOf } from '#contract/ids.ts';
import { writePrivateFile } from '#stack/files.ts';
import { modulesEnvironment } from '#stack/parts/homeserver.ts';
import { untilAnswers } from '#stack/processes/answers.ts';
import { createSupervisor, type ProcessDescription } from '#stack/processes/supervisor.ts';
import { renderLogConfig, requestLogPath } from '../../../../synapse-config/homeserver/log-config.ts';
import { toYaml } from '../../../../synapse-config/homeserver/render.ts';
import { sessionOf, type MatrixSession } from '../../matrix/session.ts';
import type { FederationTarget } from '../federation-client.ts';
import {
  copiedConfig,
  originalConfigSchema,
  type CopyPlacement,
  type Layers,
  type OriginalConfig,
} from './copied-config.ts';
import { copyDatabase, type DatabaseCopy } from './database-copy.ts';
import { freePort } from '../../free-port.ts';
import { copyRegistrations } from './registrations.ts';

export interface CopySource {
  /** Holds the original's homeserver.yaml. */
  readonly folder: string;
  /** The authority of the stack, PEM. */
  readonly caCertificate: string;
  /** The interpreter that has Synapse. */
  readonly python: string;
}

/** Whom the copy can reach. */
export interface Neighbours {
  /** The only way out. */
  readonly egressPort: number;
  /** Where events are pushed; unless told, to an appservice that is stopped. */
  readonly appserviceUrl?: string;
}

export interface HomeserverCopy {
  readonly clientApiUrl: string;
  readonly target: FederationTarget;
  readonly requestLog: string;
  readonly database: Pick<DatabaseCopy, 'kind' | 'query'>;
  /** The appservice's bot, with the token of the original. */
  readonly bot: MatrixSession;
  /** Stops the process and starts it again: its caches are cold then. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Copies, starts and waits until it answers. */
export async function startHomeserverCopy(
  source: CopySource,
  layers: Layers,
  { egressPort, appserviceUrl }: Neighbours,
): Promise<HomeserverCopy> {
  const original = originalConfigSchema.parse(parse(await readFile(join(source.folder, 'homeserver.yaml'), 'utf8')));
  const folder = await mkdtemp(join(tmpdir(), `copy-of-${original.server_name}-`));
  const registrations = await copyRegistrations(original.app_service_config_files, folder, appserviceUrl);
  const database = await copyDatabase(original.database, folder);
  const placement: CopyPlacement = {
    folder,
    clientPort: await freePort(),
    federationPort: await freePort(),
    egressPort,
    database: database.section,
    registrationPaths: registrations.paths,
  };
  await writeFiles(original, placement, layers);
  const running = await startSynapse(source, placement, database);
  return {
    database,
    ...addressesOf(original, placement, source),
    bot: botOf(original, placement, registrations.botToken),
    ...running,
  };
}

async function writeFiles(original: OriginalConfig, placement: CopyPlacement, layers: Layers): Promise<void> {
  const { folder } = placement;
  await mkdir(join(folder, 'logs'));
  await writePrivateFile(join(folder, 'log.yaml'), toYaml(renderLogConfig(join(folder, 'logs'))));
  await writePrivateFile(join(folder, 'homeserver.yaml'), toYaml(copiedConfig(original, placement, layers)));
}

function clientApiUrlOf({ clientPort }: CopyPlacement): string {
  return `http://127.0.0.1:${clientPort}`;
}

function addressesOf(original: OriginalConfig, placement: CopyPlacement, { caCertificate }: CopySource) {
  const url = `https://127.0.0.1:${placement.federationPort}`;
  return {
    clientApiUrl: clientApiUrlOf(placement),
    target: { serverName: original.server_name, url, caCertificate },
    requestLog: requestLogPath(join(placement.folder, 'logs')),
  };
}

function botOf(original: OriginalConfig, placement: CopyPlacement, botToken: string): MatrixSession {
  const userId = userIdOf('landbote', serverNameSchema.parse(original.server_name));
  return sessionOf(clientApiUrlOf(placement), userId, botToken);
}

async function startSynapse(
  { python }: CopySource,
  placement: CopyPlacement,
  database: DatabaseCopy,
): Promise<Pick<HomeserverCopy, 'restart' | 'stop'>> {
  const supervisor = createSupervisor((error) => {
    throw error;
  });
  const synapse = processOf(placement, python);
  await supervisor.start(synapse);
  return {
    async restart() {
      await supervisor.stop(synapse.name);
      await supervisor.startAgain(synapse.name);
    },
    async stop() {
      await supervisor.stopAll();
      await database.drop();
      await rm(placement.folder, { recursive: true, force: true });
    },
  };
}

function processOf(placement: CopyPlacement, python: string): ProcessDescription {
  const { folder } = placement;
  return {
    name: `synapse in ${folder}`,
    command: python,
    args: ['-m', 'synapse.app.homeserver', '--config-path', join(folder, 'homeserver.yaml')],
    cwd: folder,
    env: modulesEnvironment,
    logPath: join(folder, 'logs', 'process.log'),
    whenReady: (signal) => untilAnswers(`${clientApiUrlOf(placement)}/health`, signal),
  };
}
