import { expect, test } from 'vitest';
import { HomeserverError } from '#appservice/matrix/ports.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { departed, jana, officer, uwe } from '#appservice/people/test-organisation.ts';

async function refusalOf(body: unknown, changes: Partial<ApiDependencies> = {}, caller = jana) {
  const { url } = await startTestApi(changes);
  const response = await fetch(`${url}/api/v1/conversations`, {
    method: 'POST',
    headers: await signIn(url, caller),
    body: JSON.stringify(body),
  });
  return { problem: await problemOf(response), response };
}

test.each([
  ['an unknown class', { class: 'verbund', with: uwe }],
  ['a class that only a declaration may give', { class: 'gemeinsam', name: 'x', people: [uwe] }],
  ['a further field', { class: 'direkt', with: uwe, name: 'x' }],
  ['no user id', { class: 'direkt', with: 'uwe' }],
  ['a group without a name', { class: 'gruppe', name: '  ', people: [uwe] }],
  ['a group without people', { class: 'gruppe', name: 'x', people: [] }],
  ['no object', 'direkt'],
])('%s is refused', async (_what, body) => {
  const { problem } = await refusalOf(body);
  expect(problem).toMatchObject({ status: 400, code: expect.stringMatching(/^request\./) });
});

test('51 people are too many for a group', async () => {
  const people = Array.from({ length: 51 }, (_, number) => `@p${number}:land.hessen.test`);
  const { problem } = await refusalOf({ class: 'gruppe', name: 'x', people });
  expect(problem).toMatchObject({ status: 400, code: 'conversation.too-many-people' });
});

test('a refusal names everybody it is about', async () => {
  const { problem } = await refusalOf(
    { class: 'direkt', with: officer },
    {
      conversations: {
        start: async () => ({
          isStarted: false,
          refusal: { code: 'person.outside-domain', detail: 'Not of this administration.', people: [officer] },
        }),
      },
    },
  );
  expect(problem).toMatchObject({ status: 403, code: 'person.outside-domain' });
  expect(problem.problems?.map(({ path }) => path)).toEqual([officer]);
});

test('somebody who is not declared starts nothing', async () => {
  const { problem } = await refusalOf({ class: 'direkt', with: uwe }, {}, departed);
  expect(problem).toMatchObject({ status: 403, code: 'person.unknown' });
});

test('a homeserver that asks for patience makes the API ask for the same', async () => {
  const start = () => Promise.reject(new HomeserverError(429, 'M_LIMIT_EXCEEDED', 'Too many requests', 4_200));
  const { problem, response } = await refusalOf({ class: 'direkt', with: uwe }, { conversations: { start } });
  expect(problem).toMatchObject({ status: 503, code: 'homeserver.unavailable' });
  expect(response.headers.get('retry-after')).toBe('5');
});
