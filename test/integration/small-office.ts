/**
 * A homeserver of its own with an appservice inside the test's process and a declaration that the test may change.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { z } from 'zod';
import { startAppservice, type Appservice } from '#appservice/appservice.ts';
import { readConfig } from '#appservice/config.ts';
import { serverNameSchema, type ServerName } from '#contract/ids.ts';
import { pythonFolder } from '#stack/bring-up.ts';
import { openCertificateAuthority } from '#stack/certificates.ts';
import { appserviceFilesOf, prepareAppservice } from '#stack/parts/appservice.ts';
import { homeserverProcess, prepareHomeserver, type HomeserverPlan } from '#stack/parts/homeserver.ts';
import { createSupervisor, type Supervisor } from '#stack/processes/supervisor.ts';
import { ensurePythonEnvironment, synapseEnvironment } from '#stack/python.ts';
import { stackPorts, stackServer } from '#stack/servers.ts';

const storedStateSchema = z
  .object({ type: z.string(), state_key: z.string(), content: z.record(z.string(), z.unknown()) })
  .transform(({ type, state_key: stateKey, content }) => ({ type, stateKey, content }));
type StoredState = z.infer<typeof storedStateSchema>;

export interface SmallOffice {
  readonly appservice: () => Appservice;
  /** Where the body of the declaration is written. */
  readonly bodyPath: string;
  /** What the appservice has logged so far, a line each. */
  readonly log: readonly string[];
  readonly configPath: string;
  readonly homeserverProcessId: number;
  /** Rows of Synapse's table `events`. */
  countEvents(): number;
  /** The current state of a room as it lies in Synapse's database. */
  stateOf(roomId: string): StoredState[];
  /** Ends the appservice, deletes its database and starts it again. */
  loseDatabase(): Promise<void>;
  stop(): Promise<void>;
}

/** Another homeserver of the same domain, which is declared and does not run. */
export interface AbsentSister {
  readonly serverName: ServerName;
  readonly body: string;
}

const serverName = serverNameSchema.parse('polizei.hessen.test');
const portBase = 16_800;

/** Where the homeserver looks for the way to other homeservers. Nothing listens there. */
export const egressProxyPort = stackPorts(portBase).egressProxy;

function domainFileWith(servers: readonly ServerName[]): string {
  const declared = servers.map((name) => ({ name, operator: 'HPT', location: 'im Netz der Polizei' }));
  return JSON.stringify({ id: 'polizei', name: 'Polizei', theme: 'polizei', servers: declared });
}

/** Starts with `body` as the only body of the declaration on this homeserver; resolves when it is real. */
export async function startSmallOffice(body: string, sister?: AbsentSister): Promise<SmallOffice> {
  const sisters = sister === undefined ? [] : [sister.serverName];
  const folder = await mkdtemp(join(tmpdir(), 'landbote-office-'));
  const declaration = join(folder, 'declaration');
  const bodyPath = join(declaration, 'bodies', 'wache.yaml');
  await mkdir(join(declaration, 'bodies'), { recursive: true });
  await writeFile(join(declaration, 'domain.yaml'), domainFileWith([serverName, ...sisters]));
  await writeFile(bodyPath, body);
  if (sister !== undefined) await writeFile(join(declaration, 'bodies', 'sister.yaml'), sister.body);
  const supervisor = createSupervisor((error) => {
    throw error;
  });
  const configPath = await prepareServers(folder, declaration, sisters, supervisor.start);
  const log: string[] = [];
  let appservice = await startReady(configPath, log);
  const database = new Database(join(folder, 'homeserver', 'homeserver.db'), { readonly: true });
  return {
    appservice: () => appservice,
    bodyPath,
    log,
    configPath,
    homeserverProcessId: onlyProcessOf(supervisor),
    countEvents: () => Number(database.prepare('select count(*) from events').pluck().get()),
    stateOf: (roomId) => readStoredState(database, roomId),
    async loseDatabase() {
      await appservice.stop();
      await Promise.all(['', '-wal', '-shm'].map((end) => rm(join(folder, `appservice.db${end}`), { force: true })));
      appservice = await startReady(configPath, log);
    },
    async stop() {
      database.close();
      await appservice.stop();
      await supervisor.stopAll();
      await rm(folder, { recursive: true });
    },
  };
}

function onlyProcessOf(supervisor: Supervisor): number {
  const [processId] = Object.values(supervisor.processIds());
  if (processId === undefined) throw new Error('the homeserver does not run');
  return processId;
}

async function prepareServers(
  folder: string,
  organisationFolder: string,
  sisters: readonly ServerName[],
  start: ReturnType<typeof createSupervisor>['start'],
): Promise<string> {
  const server = { ...stackServer(serverName, portBase), organisationFolder };
  const appserviceFolder = join(folder, 'appservice');
  const files = appserviceFilesOf(appserviceFolder);
  const plan: HomeserverPlan = {
    serverName,
    ports: server.ports,
    folder: join(folder, 'homeserver'),
    database: { kind: 'sqlite', path: join(folder, 'homeserver', 'homeserver.db') },
    egressProxyPort,
    authority: await openCertificateAuthority(join(folder, 'ca')),
    domain: {
      federatesWith: sisters,
      registrationPaths: files.registrationPaths,
      policyTokenPath: files.wallTokenPath,
    },
    overrides: {},
  };
  await prepareAppservice({
    server,
    folder: appserviceFolder,
    databaseUrl: `sqlite:${join(folder, 'appservice.db')}`,
    databasePasswordPath: null,
  });
  await prepareHomeserver(plan);
  await start(
    homeserverProcess(plan, await ensurePythonEnvironment(synapseEnvironment(pythonFolder), () => undefined)),
  );
  return files.configPath;
}

async function startReady(configPath: string, log: string[]): Promise<Appservice> {
  const logger = pino({}, { write: (line) => void log.push(line) });
  const appservice = await startAppservice(await readConfig(configPath), logger);
  await appservice.ready;
  return appservice;
}

function readStoredState(database: Database.Database, roomId: string): StoredState[] {
  const rows = database
    .prepare<[string], string>(
      'select json from current_state_events join event_json using (event_id) where current_state_events.room_id = ?',
    )
    .pluck()
    .all(roomId);
  return rows.map((json) => storedStateSchema.parse(JSON.parse(json)));
}
