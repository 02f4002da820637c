import { expect, test } from 'vitest';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { departed } from '#appservice/people/test-organisation.ts';

test.each(['/people?query=jana', '/domain'])('somebody who is not declared learns nothing from %s', async (path) => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1${path}`, { headers: await signIn(url, departed) });
  expect(await problemOf(response)).toMatchObject({ status: 403, code: 'person.unknown' });
});
