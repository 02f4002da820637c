/** Two appservices on one PostgreSQL: one leads, and when it is killed the other one goes on. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readInventory } from '#appservice/apply/inventory.ts';
import { verifyAudit } from '#appservice/audit/verify-audit.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { startPostgres, type TestPostgres } from '#test/harness/postgres.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { startAppserviceProcess, type AppserviceProcess } from './appservice-process.ts';
import { startOfficeServers, type OfficeServers } from './office-servers.ts';
import { sendStateAsBot } from '#test/harness/behind-the-back.ts';

const body = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: anna.dienst, name: Anna Dienst, unit: streife }
announcers: [{ person: anna.dienst }]
`;
const takeoverMsMax = 10_000;

let postgres: TestPostgres;
let servers: OfficeServers;
let store: Store;
const instances: AppserviceProcess[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  const database = { url: await postgres.createDatabase(), passwordPath: postgres.passwordPath };
  servers = await startOfficeServers(body, { database });
  store = await openStore(database);
});
afterAll(async () => {
  await Promise.all(instances.map((instance) => instance.end()));
  await store.close();
  await servers.stop();
  await postgres.stop();
});

async function start(configPath: string): Promise<AppserviceProcess> {
  const instance = await startAppserviceProcess(configPath);
  instances.push(instance);
  return instance;
}

/** The second instance's API has an address of its own; the homeserver's address is the leader's. */
async function configOfSecond(): Promise<string> {
  const config = parse(await readFile(servers.configPath, 'utf8'));
  config.listen.api.port += 50;
  const path = servers.configPath.replace('.yaml', '-second.yaml');
  await writeFile(path, stringify(config));
  return path;
}

test('one leads and the other stands by; killed, the other one leads within ten seconds', async () => {
  const first = await start(servers.configPath);
  await first.untilState('ready');
  const second = await start(await configOfSecond());
  await second.untilState('standby');
  expect(await first.state()).toBe('ready');

  await first.kill();
  await second.untilState('ready', takeoverMsMax);

  const roomId = (await readInventory(store.db)).get('room/wache/streife');
  if (roomId === undefined) throw new Error('the room is not in the inventory');
  await sendStateAsBot(servers, roomId, 'm.room.server_acl', { allow: ['*'], deny: [] });
  await waitUntil('the repair by the second instance', () => {
    const acl = servers.stateOf(roomId).find(({ type }) => type === 'm.room.server_acl');
    return JSON.stringify(acl?.content).includes('*') ? undefined : true;
  });
}, 120_000);

test('an instance that comes back stands by, and the audit trail of both is one whole', async () => {
  const third = await start(servers.configPath);
  await third.untilState('standby');
  expect(await verifyAudit(store.db)).toMatchObject({ firstBadSequence: null });
  const created = await store.db
    .selectFrom('audit')
    .select('subject')
    .where('action', '=', 'change.applied')
    .where('detail', 'like', '%CreateRoom%')
    .execute();
  expect(created.map(({ subject }) => subject).toSorted()).toEqual(['room/wache', 'room/wache/streife', 'space/wache']);
}, 60_000);
