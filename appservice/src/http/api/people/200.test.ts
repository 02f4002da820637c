import { expect, test } from 'vitest';
import { peopleSchema } from '#contract/api.ts';
import { signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana, officer, uwe } from '#appservice/people/test-organisation.ts';

test('search finds colleagues by what their name begins with', async () => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/people?query=adl`, { headers: await signIn(url) });
  expect(response.status).toBe(200);
  expect(peopleSchema.parse(await response.json())).toMatchObject({
    total: 1,
    people: [{ userId: uwe, name: 'Uwe Adler' }],
  });
});

test('look-up answers the declared people and is silent about all others', async () => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/api/v1/people/lookup`, {
    method: 'POST',
    headers: await signIn(url),
    body: JSON.stringify({ userIds: [jana, officer, uwe] }),
  });
  const { people } = peopleSchema.parse(await response.json());
  expect(people.map((person) => person.userId)).toEqual([jana, uwe]);
});
