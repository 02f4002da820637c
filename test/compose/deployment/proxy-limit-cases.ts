import { describe, expect, test } from 'vitest';
import { ask } from './proxy-client.ts';
import type { RunningDeployment } from './running.ts';

const megabyte = 1024 * 1024;
const loginPath = '/_matrix/client/v3/login';

export function describeProxyLimits(deployment: () => RunningDeployment): void {
  describe('the limits of the proxy', () => {
    /** Announces a body and sends none: the answer comes before it would. */
    async function announce(path: string, bytes: number): Promise<number> {
      const headers = { 'content-length': bytes, 'content-type': 'application/octet-stream' };
      return (await ask(deployment().forPeople, { method: 'POST', path, headers })).status;
    }

    async function signInRequests(count: number): Promise<readonly number[]> {
      const asked = Array.from({ length: count }, () => ask(deployment().forPeople, { path: loginPath }));
      return (await Promise.all(asked)).map(({ status }) => status);
    }

    test.each([
      ['/_matrix/media/v3/upload', 51 * megabyte],
      ['/_matrix/client/v3/keys/query', 11 * megabyte],
      ['/api/v1/session', 2 * megabyte],
    ])('a body for %s of %i bytes is refused before it is sent', async (path, bytes) => {
      expect(await announce(path, bytes)).toBe(413);
    });

    test('a whole station can sign in at once; an address that goes on far beyond that is slowed down', async () => {
      expect(new Set(await signInRequests(50))).toEqual(new Set([200]));
      const statuses = new Set(await signInRequests(150));
      expect(statuses).toEqual(new Set([200, 429]));
    });

    test('who is slowed down is told so in the words of the Matrix specification', async () => {
      await signInRequests(120);
      const answer = await ask(deployment().forPeople, { path: loginPath });
      expect(answer.status).toBe(429);
      expect(JSON.parse(answer.body)).toMatchObject({ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1000 });
    });
  });
}
