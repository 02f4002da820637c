import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitUntil } from '#test/harness/wait-until.ts';
import { forbiddenForPeople, forbiddenForServers } from './forbidden-paths.ts';
import { ask, handshake } from './proxy-client.ts';
import type { RunningDeployment } from './running.ts';

export function describeProxy(deployment: () => RunningDeployment): void {
  const statusForPeople = async (path: string): Promise<number> => (await ask(deployment().forPeople, { path })).status;
  const statusForServers = async (path: string): Promise<number> =>
    (await ask(deployment().forServers, { path })).status;

  describe('the proxy, for people', () => {
    test.each([
      ['/', 200, 'the client'],
      ['/config.json', 200, 'the client’s configuration'],
      ['/_matrix/client/versions', 200, 'Synapse'],
      ['/_matrix/client/v3/login', 200, 'Synapse'],
      ['/_matrix/media/v3/config', 401, 'Synapse'],
      ['/api/v1/domain', 401, 'the appservice'],
    ])('%s is answered %i by %s', async (path, expected) => {
      expect(await statusForPeople(path)).toBe(expected);
    });

    test.each(forbiddenForPeople)('%s is refused', async (path) => {
      // 400: nginx itself refuses a path that climbs above the root.
      expect([400, 403, 404]).toContain(await statusForPeople(path));
    });

    test('the refused doors exist inside, and no request from outside came to them', async () => {
      const { container, folder } = deployment();
      const doors = ['http://synapse:8008/_synapse/admin/v1/server_version', 'http://appservice:8013/metrics'];
      const program = `for (const door of ${JSON.stringify(doors)}) console.log((await fetch(door)).status)`;
      const { output } = await container('appservice').run(['node', '--input-type=module', '-e', program]);
      expect(output.trim().split('\n')).toEqual(['200', '200']);
      const requestLog = join(folder, 'volumes', 'synapse-data', 'requests.jsonl');
      const knocks = await waitUntil('the control request in Synapse’s log', async () => {
        const lines = (await readFile(requestLog, 'utf8')).split('\n').filter((line) => /synapse\/+admin/i.test(line));
        const fromOutside = lines.filter((line) => !line.includes('/_synapse/admin/v1/register'));
        return fromOutside.length > 0 ? fromOutside : undefined;
      });
      expect(knocks).toHaveLength(1);
    });

    test('browsers are told to come back over TLS only', async () => {
      const { headers } = await ask(deployment().forPeople, { path: '/' });
      expect(headers['strict-transport-security']).toBe('max-age=63072000');
      expect(headers['server']).toBe('nginx');
    });

    test('TLS 1.2 and 1.3 are spoken, 1.1 is not', async () => {
      const { forPeople } = deployment();
      expect(await handshake(forPeople)).toBe('TLSv1.3');
      expect(await handshake(forPeople, { maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
      const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      await expect(handshake(forPeople, old)).rejects.toThrow();
    });

    test('who asks for another name gets no certificate', async () => {
      const { forPeople } = deployment();
      await expect(handshake({ ...forPeople, serverName: 'polizei.hessen.test' })).rejects.toThrow(/unrecognized name/);
    });

    test('its log has the kind of each request, but no token, no room and no person', async () => {
      await statusForPeople('/_matrix/client/v3/rooms/!geheim/messages?from=geheim&access_token=geheim');
      await statusForPeople('/_matrix/client/v3/profile/@geheim:land.hessen.test?x=geheim');
      const logPath = join(deployment().folder, 'logs', 'proxy.log');
      const log = await waitUntil('the request in the proxy’s log', async () => {
        const text = await readFile(logPath, 'utf8');
        return text.includes('"path":"/_matrix/client/v3/profile"') ? text : undefined;
      });
      expect(log).toContain('"path":"/_matrix/client/v3/rooms"');
      expect(log).not.toContain('geheim');
    });
  });

  describe('the proxy, for other homeservers', () => {
    test.each([
      ['/_matrix/key/v2/server', 200],
      // Signatures are missing: Synapse itself says so.
      ['/_matrix/federation/v1/make_join/!a:land.hessen.test/@b:schule.hessen.test', 401],
      ['/_matrix/federation/v1/media/download/abc', 401],
    ])('%s reaches Synapse: %i', async (path, expected) => {
      expect(await statusForServers(path)).toBe(expected);
    });

    test.each(forbiddenForServers)('%s is refused', async (path) => {
      expect([400, 403, 404]).toContain(await statusForServers(path));
    });
  });
}
