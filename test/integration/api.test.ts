/** Sign-in, people search and the domain's description, on real homeservers. */
import { beforeAll, describe, expect, test } from 'vitest';
import { domainSchema, peopleSchema } from '#contract/api.ts';
import { problemSchema } from '#contract/problem.ts';
import { signIn } from '#test/harness/matrix/session.ts';
import { askApi, requestOpenIdToken, signInToApi } from './api-session.ts';
import {
  bodyOf,
  peopleOfDifferentBodies,
  provisionedHomeserver,
  signInPerson,
  type ProvisionedHomeserver,
  type SignedInPerson,
} from './people-of-the-stack.ts';

let land: ProvisionedHomeserver;
let polizei: ProvisionedHomeserver;
let schule: ProvisionedHomeserver;
let clerk: SignedInPerson;

beforeAll(async () => {
  [land, polizei, schule] = await Promise.all([
    provisionedHomeserver('land.hessen.test'),
    provisionedHomeserver('polizei.hessen.test'),
    provisionedHomeserver('schule.hessen.test'),
  ]);
  const [person] = peopleOfDifferentBodies(land, 1);
  if (person === undefined) throw new Error('nobody is declared');
  clerk = await signInPerson(land, person);
});

function findPeople(query: string) {
  return clerk.api
    .request('GET', `/people?query=${encodeURIComponent(query)}`)
    .then(({ body }) => peopleSchema.parse(body).people.map(({ userId }) => userId));
}

describe('sign-in', () => {
  test('the own homeserver’s OpenID token opens a session for exactly that person', () => {
    const { session } = clerk.api;
    expect(session.person).toMatchObject({
      userId: clerk.person.userId,
      name: clerk.person.name,
      body: bodyOf(clerk.person),
    });
    expect(session.roles).toEqual(clerk.person.roles);
  });

  test('an OpenID token of another homeserver is refused, whichever server it names', async () => {
    const [officer] = peopleOfDifferentBodies(polizei, 1);
    if (officer === undefined) throw new Error('the police have nobody');
    const matrix = await signIn(polizei.domain.clientApiUrl, officer.userId, officer.password);
    const token = await requestOpenIdToken(matrix);
    const control = await askApi(polizei.appserviceUrl, null, 'POST', '/session', token);
    expect(control.status).toBe(201);
    for (const issuer of [polizei.serverName, land.serverName]) {
      const answer = await askApi(land.appserviceUrl, null, 'POST', '/session', {
        ...token,
        matrix_server_name: issuer,
      });
      expect(answer.status).toBe(401);
      expect(problemSchema.parse(answer.body).code).toBe('session.openid-refused');
    }
  });

  test('a homeserver of the same domain is another homeserver, too', async () => {
    const [teacher] = peopleOfDifferentBodies(schule, 1);
    if (teacher === undefined) throw new Error('the schools have nobody');
    const matrix = await signIn(schule.domain.clientApiUrl, teacher.userId, teacher.password);
    await expect(signInToApi(land.appserviceUrl, matrix)).rejects.toThrow('session.openid-refused');
    await expect(signInToApi(schule.appserviceUrl, matrix)).resolves.toMatchObject({
      session: { person: { userId: teacher.userId } },
    });
  });

  test('an access token is no OpenID token', async () => {
    const body = { access_token: clerk.matrix.accessToken, matrix_server_name: land.serverName };
    expect(await askApi(land.appserviceUrl, null, 'POST', '/session', body)).toMatchObject({ status: 401 });
  });
});

describe('people search', () => {
  test('finds a colleague of another ministry by name', async () => {
    const colleague = peopleOfDifferentBodies(land, 2)[1];
    expect(await findPeople(colleague?.name ?? '')).toContain(colleague?.userId);
  });

  test('finds somebody of the domain’s other server', async () => {
    const [teacher] = peopleOfDifferentBodies(schule, 1);
    expect(await findPeople(teacher?.name ?? '')).toContain(teacher?.userId);
  });

  test('finds nobody of the police, neither by name nor by body, nor by user id', async () => {
    const [officer] = peopleOfDifferentBodies(polizei, 1);
    if (officer === undefined) throw new Error('the police have nobody');
    expect(await findPeople(officer.name)).not.toContain(officer.userId);
    const byBody = await findPeople(bodyOf(officer));
    expect(byBody.filter((userId) => userId.endsWith(`:${polizei.serverName}`))).toEqual([]);
    const lookup = await clerk.api.request('POST', '/people/lookup', {
      userIds: [officer.userId, clerk.person.userId],
    });
    expect(peopleSchema.parse(lookup.body).people.map(({ userId }) => userId)).toEqual([clerk.person.userId]);
  });
});

test('the domain is described with both of its servers and none of the police', async () => {
  const { status, body } = await clerk.api.request('GET', '/domain');
  expect(status).toBe(200);
  expect(
    domainSchema
      .parse(body)
      .servers.map(({ name }) => name)
      .toSorted(),
  ).toEqual([land.serverName, schule.serverName]);
});

test('a session that was ended opens nothing any more', async () => {
  const { api } = await signInPerson(land, clerk.person);
  expect(await api.request('GET', '/domain')).toMatchObject({ status: 200 });
  expect(await api.request('DELETE', '/session')).toMatchObject({ status: 204 });
  expect(await api.request('GET', '/domain')).toMatchObject({ status: 401 });
});
