import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { CommandOutcome } from './container.ts';
import { gatewayPort } from './prepare.ts';
import type { RunningDeployment } from './running.ts';

const runFile = promisify(execFile);

/** Exit code 0 if a TCP connection comes about. */
function dial(host: string, port: number): readonly string[] {
  const program = `
    const socket = require('node:net').connect({ host: '${host}', port: ${port}, timeout: 2000 });
    socket.on('connect', () => process.exit(0));
    for (const failure of ['error', 'timeout']) socket.on(failure, () => process.exit(1));`;
  return ['node', '-e', program];
}

function dialFromPython(host: string, port: number): readonly string[] {
  return ['python', '-c', `import socket; socket.create_connection(('${host}', ${port}), 2)`];
}

/** Takes the password from a file in libpq's format, which it gets as standard input. */
const signInToDatabase = `
  umask 077; cat > /tmp/pgpass
  PGPASSFILE=/tmp/pgpass psql --host=postgres --username=appservice --dbname="$1" --command='SELECT 1'`;

export function describeIsolation(deployment: () => RunningDeployment): void {
  const outcome = async (service: string, command: readonly string[]): Promise<number> =>
    (await deployment().container(service).run(command)).exitCode;

  describe('the walls between the services', () => {
    test('Synapse reaches the egress gateway through the relay, and by itself nothing outside', async () => {
      const { networks } = deployment();
      const [host, port] = [networks.hostAddressOf('outside'), gatewayPort];
      expect(await outcome('synapse', dialFromPython('egress', 3128))).toBe(0);
      expect(await outcome('synapse', dialFromPython(host, port))).not.toBe(0);
      expect(await outcome('egress', dial(host, port))).toBe(0);
    });

    test('the client’s server cannot even see the databases or Synapse', async () => {
      const { networks } = deployment();
      expect(await outcome('appservice', dial(networks.addressOf('postgres', 'data'), 5432))).toBe(0);
      expect(await outcome('client', dial(networks.addressOf('postgres', 'data'), 5432))).not.toBe(0);
      expect(await outcome('client', dial(networks.addressOf('synapse', 'back'), 8008))).not.toBe(0);
    });

    test('a program’s database is closed to the other program', async () => {
      const { container, folder } = deployment();
      const values = join(folder, '..', 'deployment', 'secrets', 'values');
      const password = await readFile(join(values, 'database-appservice-password'), 'utf8');
      const connectTo = (database: string): Promise<CommandOutcome> =>
        container('postgres').run(['sh', '-c', signInToDatabase, 'sh', database], `*:*:*:appservice:${password}\n`);
      expect(await connectTo('appservice')).toMatchObject({ exitCode: 0 });
      expect(await connectTo('synapse')).toMatchObject({ output: expect.stringContaining('no pg_hba.conf entry') });
    });

    test('no secret stands in a log or in a command line', async () => {
      const { folder } = deployment();
      const valuesFolder = join(folder, '..', 'deployment', 'secrets', 'values');
      const secrets = await readAll(valuesFolder);
      const { stdout: commandLines } = await runFile('ps', ['-eo', 'args', '--width', '100000'], { maxBuffer: 1e7 });
      const logs = [...(await readAll(join(folder, 'logs'))), ...(await readSynapseLogs(folder))];
      const seen = [commandLines, ...logs].join('\n');
      // The search works: something that is no secret is found in both.
      expect(commandLines).toContain('/etc/landbote/homeserver.yaml');
      expect(logs.join('')).toContain('/_matrix/client/v3/login');
      expect(secrets.length).toBeGreaterThan(10);
      for (const secret of secrets) expect(seen.includes(secret.trim().split(' ').at(-1) ?? '')).toBe(false);
    });
  });
}

async function readAll(folder: string): Promise<readonly string[]> {
  return Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
}

function readSynapseLogs(folder: string): Promise<readonly string[]> {
  const data = join(folder, 'volumes', 'synapse-data');
  return Promise.all(['homeserver.log', 'requests.jsonl'].map((name) => readFile(join(data, name), 'utf8')));
}
