import { expect, test } from 'vitest';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana, uwe } from '#appservice/people/test-organisation.ts';

async function statusesOf(count: number, ask: () => Promise<Response>): Promise<number[]> {
  const responses = await Promise.all(Array.from({ length: count }, ask));
  return responses.map((response) => response.status);
}

test('one person searches at most 60 times a minute, over all their sessions; others go on', async () => {
  const { url } = await startTestApi();
  const sessions = [await signIn(url, jana), await signIn(url, jana)];
  const search = (session: Record<string, string> = {}) => fetch(`${url}/api/v1/people?query=a`, { headers: session });
  const statuses = [
    ...(await statusesOf(30, () => search(sessions[0]))),
    ...(await statusesOf(30, () => search(sessions[1]))),
  ];
  expect(new Set(statuses)).toEqual(new Set([200]));

  const refused = await search(sessions[1]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'rate.limited' });
  expect((await search(await signIn(url, uwe))).status).toBe(200);
});
