import { describe, expect, test } from 'vitest';
import { ask, type ProxyAnswer } from './proxy-client.ts';
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

    function signInRequests(count: number): Promise<readonly ProxyAnswer[]> {
      return Promise.all(Array.from({ length: count }, () => ask(deployment().forPeople, { path: loginPath })));
    }

    test.each([
      ['/_matrix/media/v3/upload', 51 * megabyte],
      ['/_matrix/client/v3/keys/query', 11 * megabyte],
      ['/api/v1/session', 2 * megabyte],
    ])('a body for %s of %i bytes is refused before it is sent', async (path, bytes) => {
      expect(await announce(path, bytes)).toBe(413);
    });

    test('a whole station can sign in at once', async () => {
      const answers = await signInRequests(50);
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    });

    test('an address that goes on far beyond that is told to slow down, in the words of the Matrix specification', async () => {
      const answers = await signInRequests(200);
      const refused = answers.find(({ status }) => status === 429);
      expect(JSON.parse(refused?.body ?? '{}')).toMatchObject({ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1000 });
    });
  });
}
