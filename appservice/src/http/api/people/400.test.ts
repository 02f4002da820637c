import { expect, test } from 'vitest';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';

test.each(['limit=0', 'limit=51', 'limit=ten', `query=${'a'.repeat(101)}`, 'query=a&query=b'])(
  'a search with %s is refused',
  async (query) => {
    const { url } = await startTestApi();
    const response = await fetch(`${url}/api/v1/people?${query}`, { headers: await signIn(url) });
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request.invalid' });
  },
);

test('all problems of a look-up are named at once, with their paths', async () => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/people/lookup`, {
    method: 'POST',
    headers: await signIn(url),
    body: JSON.stringify({ userIds: ['@good:land.hessen.test', 'bad', 5], further: true }),
  });
  const { problems } = await problemOf(response);
  expect(problems?.map((problem) => problem.path)).toEqual(['userIds.1', 'userIds.2', '']);
});
