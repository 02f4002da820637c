/**
 * A homeserver of its own with a declaration that the test may change, and no appservice yet: tests start it inside
 * their own process (small-office.ts) or as one that can be killed.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { ConversationRules } from '#contract/conversation-rules.ts';
import { serverNameSchema, type ServerName } from '#contract/ids.ts';
import { pythonFolder } from '#stack/bring-up.ts';
import { openCertificateAuthority } from '#stack/certificates.ts';
import { appserviceFilesOf, prepareAppservice } from '#stack/parts/appservice.ts';
import { homeserverProcess, logFolderOf, prepareHomeserver, type HomeserverPlan } from '#stack/parts/homeserver.ts';
import { createSupervisor, type Supervisor } from '#stack/processes/supervisor.ts';
import { ensurePythonEnvironment, synapseEnvironment } from '#stack/python.ts';
import { stackPorts, stackServer } from '#stack/servers.ts';
import { testPorts } from '#test/harness/test-ports.ts';
import { refusalLogPath } from '../../synapse-config/homeserver/log-config.ts';

const storedStateSchema = z
  .object({ type: z.string(), state_key: z.string(), content: z.record(z.string(), z.unknown()) })
  .transform(({ type, state_key: stateKey, content }) => ({ type, stateKey, content }));
export type StoredState = z.infer<typeof storedStateSchema>;

interface MembershipChange {
  readonly roomId: string;
  readonly membership: unknown;
}

/** Another homeserver of the same domain, which is declared and does not run. */
interface AbsentSister {
  readonly serverName: ServerName;
  readonly body: string;
}

/** A database of the appservice other than a SQLite file in the office's folder. */
interface OfficeDatabase {
  readonly url: string;
  readonly passwordPath: string;
}

export interface OfficeServers {
  /** Where everything lies. Gone after `stop`. */
  readonly folder: string;
  /** Where the body of the declaration is written. */
  readonly bodyPath: string;
  /** The appservice's configuration. */
  readonly configPath: string;
  /** The appservice's SQLite file, if it has one. */
  readonly appserviceDatabasePath: string;
  readonly homeserverProcessId: number;
  /** Rows of Synapse's table `events`. */
  countEvents(): number;
  /** Ids of all rooms that the homeserver has. */
  roomIds(): string[];
  /** Whether a message was removed for everybody. */
  isRedacted(eventId: string): boolean;
  /** The current state of a room as it lies in Synapse's database. */
  stateOf(roomId: string): StoredState[];
  /** Content of one state event; undefined if there is none. */
  contentOf(roomId: string, type: string, stateKey?: string): StoredState['content'] | undefined;
  /** `membership` of a person who is or was in the room. */
  membershipOf(roomId: string, person: string): unknown;
  /** Everything that happened to a person's memberships, in the order of the homeserver. */
  membershipsOf(person: string): readonly MembershipChange[];
  stop(): Promise<void>;
}

export interface OfficeOptions {
  readonly sister?: AbsentSister | undefined;
  /** `conversations` of the trust domain: who may write to whom. */
  readonly conversations?: ConversationRules | undefined;
  readonly database?: OfficeDatabase;
}

const serverName = serverNameSchema.parse('polizei.hessen.test');

/** Where the homeserver looks for the way to other homeservers. Nothing listens there. */
export const egressProxyPort = stackPorts(testPorts.office).egressProxy;

function domainFileWith(names: readonly ServerName[], conversations: ConversationRules | undefined): string {
  const servers = names.map((name) => ({ name, operator: 'HPT', location: 'im Netz der Polizei' }));
  return JSON.stringify({ id: 'polizei', name: 'Polizei', theme: 'polizei', servers, conversations });
}

/** Starts the homeserver, with `body` as the only body of the declaration on it. */
export async function startOfficeServers(
  body: string,
  { sister, database, conversations }: OfficeOptions = {},
): Promise<OfficeServers> {
  const folder = await mkdtemp(join(tmpdir(), 'landbote-office-'));
  const bodyPath = await writeDeclaration(folder, body, { sister, conversations });
  const supervisor = createSupervisor((error) => {
    throw error;
  });
  const appserviceDatabasePath = join(folder, 'appservice.db');
  const configPath = await prepareServers(
    folder,
    sister === undefined ? [] : [sister.serverName],
    { url: database?.url ?? `sqlite:${appserviceDatabasePath}`, passwordPath: database?.passwordPath ?? null },
    supervisor.start,
  );
  const synapse = new Database(join(folder, 'homeserver', 'homeserver.db'), { readonly: true });
  const contentOf: OfficeServers['contentOf'] = (roomId, type, stateKey = '') =>
    readStoredState(synapse, roomId).find((event) => event.type === type && event.stateKey === stateKey)?.content;
  return {
    folder,
    bodyPath,
    configPath,
    appserviceDatabasePath,
    homeserverProcessId: onlyProcessOf(supervisor),
    countEvents: () => Number(synapse.prepare('select count(*) from events').pluck().get()),
    roomIds: () => synapse.prepare<[], string>('select room_id from rooms order by room_id').pluck().all(),
    isRedacted: (eventId) =>
      synapse.prepare<[string]>('select 1 from redactions where redacts = ?').get(eventId) !== undefined,
    stateOf: (roomId) => readStoredState(synapse, roomId),
    contentOf,
    membershipOf: (roomId, person) => contentOf(roomId, 'm.room.member', person)?.['membership'],
    membershipsOf: (person) => readMemberships(synapse, person),
    async stop() {
      synapse.close();
      await supervisor.stopAll();
      await rm(folder, { recursive: true });
    },
  };
}

async function writeDeclaration(
  folder: string,
  body: string,
  { sister, conversations }: Pick<OfficeOptions, 'sister' | 'conversations'>,
): Promise<string> {
  const declaration = join(folder, 'declaration');
  const bodyPath = join(declaration, 'bodies', 'wache.yaml');
  const servers = [serverName, ...(sister === undefined ? [] : [sister.serverName])];
  await mkdir(join(declaration, 'bodies'), { recursive: true });
  await writeFile(join(declaration, 'domain.yaml'), domainFileWith(servers, conversations));
  await writeFile(bodyPath, body);
  if (sister !== undefined) await writeFile(join(declaration, 'bodies', 'sister.yaml'), sister.body);
  return bodyPath;
}

function onlyProcessOf(supervisor: Supervisor): number {
  const [processId] = Object.values(supervisor.processIds());
  if (processId === undefined) throw new Error('the homeserver does not run');
  return processId;
}

async function prepareServers(
  folder: string,
  sisters: readonly ServerName[],
  { url, passwordPath }: { readonly url: string; readonly passwordPath: string | null },
  start: ReturnType<typeof createSupervisor>['start'],
): Promise<string> {
  const server = { ...stackServer(serverName, testPorts.office), organisationFolder: join(folder, 'declaration') };
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
      membershipsTokenPath: files.membershipsTokenPath,
    },
    overrides: {},
  };
  await prepareAppservice({
    server,
    folder: appserviceFolder,
    refusalLogPath: refusalLogPath(logFolderOf(plan.folder)),
    databaseUrl: url,
    databasePasswordPath: passwordPath,
  });
  await prepareHomeserver(plan);
  await start(
    homeserverProcess(plan, await ensurePythonEnvironment(synapseEnvironment(pythonFolder), () => undefined)),
  );
  return files.configPath;
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

function readMemberships(database: Database.Database, person: string): MembershipChange[] {
  const rows = database
    .prepare<[string], { room: string; json: string }>(
      "select room_id as room, json from events join event_json using (event_id, room_id) where type = 'm.room.member' and state_key = ? order by stream_ordering",
    )
    .all(person);
  return rows.map(({ room, json }) => {
    const { content } = storedStateSchema.parse(JSON.parse(json));
    return { roomId: room, membership: content['membership'] };
  });
}
