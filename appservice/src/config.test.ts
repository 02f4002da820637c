import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from './config.ts';
import { StartError } from './start-error.ts';

const sound = `
serverName: land.hessen.test
homeserverUrl: http://127.0.0.1:4811
organisation: [../organisation]
listen:
  api: { host: 127.0.0.1, port: 4812 }
  homeserver: { host: 127.0.0.1, port: 4813 }
clientOrigins: ["http://localhost:4810"]
database: { url: "sqlite:appservice.db" }
registrations: { provisioner: provisioner.yaml, people: people.yaml }
wallTokenPath: wall-token
auditKeyPath: audit-key.pem
rosterKeyPath: roster-key.pem
memberships: { url: "http://127.0.0.1:8009/memberships", tokenPath: memberships-token }
`;

async function writeConfig(text: string): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'landbote-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'config.yaml');
  await writeFile(path, text);
  return { folder, path };
}

async function problemsOf(text: string): Promise<readonly string[]> {
  const { path } = await writeConfig(text);
  const error = await readConfig(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof StartError)) throw new Error('The configuration was not refused.');
  return error.problems.map((problem) => problem.replace(`${path} `, ''));
}

test('paths are relative to the folder of the file, wherever the process runs', async () => {
  const { folder, path } = await writeConfig(sound);
  expect(await readConfig(path)).toMatchObject({
    organisation: [join(folder, '..', 'organisation')],
    database: { url: `sqlite:${join(folder, 'appservice.db')}` },
    registrations: { provisioner: join(folder, 'provisioner.yaml'), people: join(folder, 'people.yaml') },
    wallTokenPath: join(folder, 'wall-token'),
    auditKeyPath: join(folder, 'audit-key.pem'),
    rosterKeyPath: join(folder, 'roster-key.pem'),
    memberships: { url: 'http://127.0.0.1:8009/memberships', tokenPath: join(folder, 'memberships-token') },
    reconcile: { sweepIntervalMs: 300_000, concurrency: 8 },
  });
});

test('all problems are named at once, each with its path', async () => {
  const problems = await problemsOf(`
serverName: land.hessen.test:8448
homeserverUrl: ftp://127.0.0.1
organisation: []
listen: { api: { host: 127.0.0.1, port: 99999 } }
clientOrigins: ["http://localhost:4810/path"]
database: { url: "sqlite:appservice.db", password: geheim }
registrations: { provisioner: provisioner.yaml }
`);
  const paths = problems.map((problem) => problem.split(':')[0]);
  expect(paths).toEqual(
    expect.arrayContaining([
      'serverName',
      'homeserverUrl',
      'organisation',
      'listen.api.port',
      'listen.homeserver',
      'clientOrigins.0',
      'database',
      'registrations.people',
      'wallTokenPath',
      'auditKeyPath',
      'rosterKeyPath',
    ]),
  );
});

test('a file that is missing or no YAML is named', async () => {
  expect(await problemsOf('a: [')).toHaveLength(1);
  await expect(readConfig('/gibt/es/nicht.yaml')).rejects.toThrow('/gibt/es/nicht.yaml');
});
