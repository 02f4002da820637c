/**
 * What an appservice does while homeservers let it hang: another one of its domain, which is slower to notice than one
 * that refuses, and its own. Container engines kill ten seconds after they asked a process to end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInventory } from '#appservice/apply/inventory.ts';
import { readConfig } from '#appservice/config.ts';
import { serverNameSchema } from '#contract/ids.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { egressProxyPort } from './office-servers.ts';
import { startSmallOffice, type SmallOffice } from './small-office.ts';

const sister = serverNameSchema.parse('revier.hessen.test');
const names = ['dana', 'emre', 'finn'];

const ownBody = `
id: wache
short: Wache
name: Polizeiwache
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: anna.dienst, name: Anna Dienst, unit: streife }
announcers: [{ person: anna.dienst }]
rooms:
  - id: stab
    name: Stab
    class: gemeinsam
    members: [{ person: anna.dienst }, { body: revier }]
`;

const sisterBody = `
id: revier
short: Revier
name: Revier
server: ${sister}
people:
${names.map((name) => `  - { id: ${name}, name: ${name} }`).join('\n')}
announcers: [{ person: dana }]
`;

const mainPath = fileURLToPath(new URL('../../appservice/src/main.ts', import.meta.url));
const killedAfterMs = 10_000;

/** Takes connections and never answers. */
class Abyss {
  readonly connections = new Set<Socket>();
  readonly #server: Server = createServer((socket) => {
    this.connections.add(socket);
    socket.on('error', () => undefined).on('close', () => this.connections.delete(socket));
    socket.resume();
  });

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.close();
    for (const connection of this.connections) connection.destroy();
  }
}

const wayOut = new Abyss();
let office: SmallOffice;

beforeAll(async () => {
  await wayOut.listen(egressProxyPort);
  office = await startSmallOffice(ownBody, { sister: { serverName: sister, body: sisterBody } });
});
afterAll(async () => {
  wayOut.close();
  await office.stop();
});

async function joinedAt(address: string): Promise<string[]> {
  const roomId = (await readInventory(office.appservice().store.db)).get(address);
  if (roomId === undefined) throw new Error(`there is no room ${address}`);
  return office
    .stateOf(roomId)
    .filter(({ type, content }) => type === 'm.room.member' && content['membership'] === 'join')
    .map(({ stateKey }) => stateKey)
    .sort();
}

test('the own rooms stand, with the own people, while another homeserver of the domain lets invitations hang', async () => {
  expect(await joinedAt('room/wache/streife')).toEqual([
    '@anna.dienst:polizei.hessen.test',
    '@landbote:polizei.hessen.test',
  ]);
  expect(await joinedAt('room/wache/+stab')).toEqual([
    '@anna.dienst:polizei.hessen.test',
    '@landbote:polizei.hessen.test',
  ]);
  await waitUntil('an invitation that hangs', () => (wayOut.connections.size > 0 ? true : undefined));
  expect(office.log.some((line) => line.includes('the organisation stands'))).toBe(true);
});

test('the other homeserver is asked for one of its people, and what it leaves open is one line in the log', async () => {
  for (const connection of wayOut.connections) connection.destroy();
  const line = await waitUntil('the line about the other homeserver', () => {
    for (const connection of wayOut.connections) connection.destroy();
    return office.log.find((text) => text.includes('does not answer'));
  });
  expect(JSON.parse(line)).toMatchObject({ server: sister, waiting: names.length });
  const { db } = office.appservice().store;
  const failed = await db.selectFrom('audit').selectAll().where('action', '=', 'change.failed').execute();
  expect(failed).toHaveLength(1);
});

test(
  'the appservice ends in time although its homeserver has stopped answering in the middle of a run',
  async () => {
    const { parts, stop } = office.appservice();
    process.kill(office.homeserverProcessId, 'SIGSTOP');
    try {
      void parts.loop.start();
      // By then the loop has asked the homeserver for its rooms and waits.
      await setImmediate();
      await stop();
    } finally {
      process.kill(office.homeserverProcessId, 'SIGCONT');
    }
  },
  killedAfterMs,
);

test(
  'the process ends cleanly although its homeserver has never answered',
  async () => {
    process.kill(office.homeserverProcessId, 'SIGSTOP');
    const { api } = (await readConfig(office.configPath)).listen;
    const apiUrl = `http://${api.host}:${api.port}`;
    const child = spawn(process.execPath, [mainPath, '--config', office.configPath], {
      stdio: 'inherit',
    });
    try {
      const exit = once(child, 'exit');
      await waitUntil(
        'the listener',
        async () =>
          await fetch(new URL('/live', apiUrl)).then(
            ({ ok }) => (ok ? true : undefined),
            () => undefined,
          ),
      );
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    } finally {
      process.kill(office.homeserverProcessId, 'SIGCONT');
    }
  },
  killedAfterMs,
);
