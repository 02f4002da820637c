/**
 * A copy of a running appservice for a homeserver's copy: same configuration, tokens and data, own ports. So a test
 * can stop a real appservice without touching the stack's.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { writePrivateFile } from '#stack/files.ts';
import { untilAnswers } from '#stack/processes/answers.ts';
import { createSupervisor } from '#stack/processes/supervisor.ts';
import { parsePostgresUrl } from '#stack/parts/postgres-databases.ts';
import { copyPostgresDatabase, dropPostgresDatabase } from './postgres-copy.ts';
import { copySqliteFile } from './sqlite-copy.ts';
import { freePort } from '../../free-port.ts';

const mainPath = fileURLToPath(new URL('../../../../appservice/src/main.ts', import.meta.url));
const host = '127.0.0.1';

const databaseSchema = z.object({ url: z.string(), passwordPath: z.string().optional() });

/** What of the appservice's configuration a copy changes. */
const originalConfigSchema = z.looseObject({
  database: databaseSchema,
});

export interface AppserviceCopy {
  /** Where its homeserver pushes events. */
  readonly url: string;
  /** Where its homeserver asks for decisions. */
  readonly policyUrl: string;
  /** Starts it and waits until it found everything as declared. */
  start(homeserverUrl: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Copies an appservice's data and chooses its ports, which the homeserver has to know before both start.
 * @param originalFolder holds the original's config.yaml
 */
export async function prepareAppserviceCopy(originalFolder: string): Promise<AppserviceCopy> {
  const original = originalConfigSchema.parse(parse(await readFile(join(originalFolder, 'config.yaml'), 'utf8')));
  const folder = await mkdtemp(join(tmpdir(), 'copy-of-appservice-'));
  const database = await copyDatabase(original.database, originalFolder, folder);
  const ports = { api: await freePort(), homeserver: await freePort() };
  const supervisor = createSupervisor((error) => {
    throw error;
  });
  const url = `http://${host}:${ports.homeserver}`;
  return {
    url,
    policyUrl: `${url}/wall`,
    async start(homeserverUrl) {
      const listen = { api: { host, port: ports.api }, homeserver: { host, port: ports.homeserver } };
      // The endpoint for memberships belongs to the original homeserver, as does its log; the copy joins people one by one.
      const others = { memberships: undefined, refusalLogPath: undefined };
      const own = { homeserverUrl, listen, database: database.section, ...others };
      const config = { ...original, ...own };
      await writePrivateFile(join(folder, 'config.yaml'), stringify(config));
      await supervisor.start({
        name: `appservice in ${folder}`,
        command: process.execPath,
        args: [mainPath, '--config', join(folder, 'config.yaml')],
        logPath: join(folder, 'appservice.log'),
        whenReady: (signal) => untilAnswers(`http://${host}:${ports.api}/ready`, signal),
      });
    },
    async stop() {
      await supervisor.stopAll();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface DatabaseCopy {
  readonly section: z.infer<typeof databaseSchema>;
  drop(): Promise<void>;
}

async function copyDatabase(
  { url, passwordPath }: z.infer<typeof databaseSchema>,
  originalFolder: string,
  folder: string,
): Promise<DatabaseCopy> {
  if (url.startsWith('sqlite:')) {
    await copySqliteFile(resolve(originalFolder, url.slice('sqlite:'.length)), join(folder, 'appservice.db'));
    return { section: { url: 'sqlite:appservice.db' }, drop: async () => undefined };
  }
  const password = passwordPath === undefined ? null : await readFile(passwordPath, 'utf8');
  const original = { ...parsePostgresUrl(url), database: new URL(url).pathname.slice(1), password };
  const copy = await copyPostgresDatabase(original);
  const section = { url: url.replace(/[^/]+$/, copy.database), ...(passwordPath !== undefined && { passwordPath }) };
  return { section, drop: () => dropPostgresDatabase(copy) };
}
