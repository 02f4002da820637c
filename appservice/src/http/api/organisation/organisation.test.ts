import { expect, test } from 'vitest';
import { comparisonSchema, proposalSchema, revisionSchema, revisionsSchema } from '#contract/governance.ts';
import type { UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import {
  finanzenPeople,
  kultusPeople,
  ministries,
  renamedJointRoom,
  userId,
} from '#appservice/authority/test-organisation.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';

const [kim, fin, zoe] = [userId('kim.kultus'), userId('fin.anzen'), userId('zoe.zentral')];
const newColleague = ministries({ kultusPeople: [...kultusPeople, { id: 'neu.hier', unit: 'referat' }] });

async function startWithMinistries() {
  const { url, database } = await startTestApi({ organisation: () => ministries() });
  const request = async (who: UserId, method: string, path: string, body?: unknown, ifMatch?: string) =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(await signIn(url, who)), ...(ifMatch !== undefined && { 'If-Match': ifMatch }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const etag = (await request(zoe, 'GET', '/organisation')).headers.get('etag') ?? '';
  const put = (who: UserId, organisation: unknown, base = etag) =>
    request(who, 'PUT', '/organisation', organisation, base);
  return { database, request, put, etag };
}

test('what GET answers can be sent back as it is, and changes nothing', async () => {
  const { request, put } = await startWithMinistries();
  const organisation: unknown = await (await request(kim, 'GET', '/organisation')).json();
  expect(organisation).toEqual(JSON.parse(JSON.stringify(ministries())));
  const answer = await put(kim, organisation);
  expect(answer.status).toBe(202);
  expect(proposalSchema.parse(await answer.json())).toMatchObject({ revision: { number: 1, state: 'approved' } });
});

test('a changed organisation becomes a revision of its author that waits, beside the one in force', async () => {
  const { request, put } = await startWithMinistries();
  const { revision } = proposalSchema.parse(await (await put(kim, newColleague)).json());
  expect(revision).toMatchObject({ number: 2, author: kim, state: 'awaiting-approval' });
  const { revisions } = revisionsSchema.parse(await (await request(zoe, 'GET', '/revisions')).json());
  expect(revisions.map(({ number, author, state }) => [number, author, state])).toEqual([
    [2, kim, 'awaiting-approval'],
    [1, 'files', 'approved'],
  ]);
  const read = revisionSchema.parse(await (await request(zoe, 'GET', '/revisions/2')).json());
  expect(read.organisation).toEqual(newColleague);
});

test('any two revisions are compared item by item', async () => {
  const { request, put } = await startWithMinistries();
  await put(kim, newColleague);
  const answer = await request(zoe, 'GET', '/revisions/comparison?from=2&to=1');
  expect(comparisonSchema.parse(await answer.json()).differences).toMatchObject([
    { key: 'person/neu.hier', kind: 'removed', before: { id: 'neu.hier' }, after: null },
  ]);
});

test('a change made in what is no longer in force is refused', async () => {
  const { put } = await startWithMinistries();
  const refused = await put(kim, newColleague, `"${'0'.repeat(64)}"`);
  expect(await problemOf(refused)).toMatchObject({ status: 409, code: 'revision.stale' });
});

test.each(['', '*', 'W/"abc"', '"a", "b"'])(
  'without saying what it changes (If-Match: %s) nothing is changed',
  async (base) => {
    const { put } = await startWithMinistries();
    expect(await problemOf(await put(kim, newColleague, base))).toMatchObject({
      status: 428,
      code: 'revision.base-missing',
    });
  },
);

test('an administrator of one ministry changes nothing of another, and learns what was too much', async () => {
  const { put, request } = await startWithMinistries();
  const refused = await put(
    fin,
    ministries({ kultusRooms: [renamedJointRoom], finanzenPeople: [...finanzenPeople, { id: 'neu.hier' }] }),
  );
  expect(await problemOf(refused)).toMatchObject({
    status: 403,
    code: 'scope.exceeded',
    problems: [{ path: 'room/hkm/haushalt', message: 'This concerns hkm, hmdf.' }],
  });
  const { revisions } = revisionsSchema.parse(await (await request(zoe, 'GET', '/revisions')).json());
  expect(revisions).toHaveLength(1);
});

test('nobody gives themselves a larger role than they have', async () => {
  const { put } = await startWithMinistries();
  const [own, ...others] = kultusPeople;
  const greedy = { ...own, id: 'kim.kultus', roles: ['approver', { role: 'provisioner', scope: '*' }] };
  const refused = await put(kim, ministries({ kultusPeople: [greedy, ...others] }));
  expect(await problemOf(refused)).toMatchObject({ code: 'scope.exceeded' });
});

test('the author replaces a change of theirs that waits; somebody else does not', async () => {
  const { put, request } = await startWithMinistries();
  await put(kim, newColleague);
  expect(await problemOf(await put(zoe, ministries({ kultusRooms: [] })))).toMatchObject({ code: 'revision.waiting' });
  const again = ministries({ kultusPeople: [...kultusPeople, { id: 'noch.neuer', unit: 'referat' }] });
  expect(proposalSchema.parse(await (await put(kim, again)).json())).toMatchObject({ revision: { number: 3 } });
  const { revisions } = revisionsSchema.parse(await (await request(zoe, 'GET', '/revisions')).json());
  expect(revisions.map(({ state }) => state)).toEqual(['awaiting-approval', 'superseded', 'approved']);
});

test('a waiting revision is withdrawn by its author or by who may propose it, once', async () => {
  const { put, request } = await startWithMinistries();
  await put(kim, newColleague);
  const withdraw = (who: UserId, number = 2) => request(who, 'POST', `/revisions/${number}/withdrawal`);
  expect(await problemOf(await withdraw(fin))).toMatchObject({ status: 403, code: 'scope.exceeded' });
  expect((await withdraw(zoe)).status).toBe(204);
  expect(await problemOf(await withdraw(kim))).toMatchObject({ status: 409, code: 'revision.not-waiting' });
  expect(await problemOf(await withdraw(kim, 99))).toMatchObject({ status: 404, code: 'revision.unknown' });
});

test('an organisation with faults is refused with all of them, each with path and remedy, and nothing is changed', async () => {
  const { put, request } = await startWithMinistries();
  const { domain, roomClasses, bodies } = ministries();
  const [kultus, finanzen] = bodies;
  const faulty: Record<keyof Organisation, unknown> = {
    domain,
    roomClasses,
    bodies: [
      { ...kultus, people: [...(kultus?.people ?? []), { id: 'kim.kultus', name: 'Zweite Kim' }] },
      { ...finanzen, colour: 'green', server: 'LAND.hessen.test' },
    ],
  };
  const problem = await problemOf(await put(zoe, faulty));
  expect(problem).toMatchObject({ status: 422, code: 'organisation.invalid' });
  expect(problem.problems?.map(({ path }) => path)).toEqual(['bodies.0.people.3.id', 'bodies.1.server', 'bodies.1']);
  expect(problem.problems?.every(({ remedy }) => remedy !== undefined && remedy !== '')).toBe(true);
  expect(revisionsSchema.parse(await (await request(zoe, 'GET', '/revisions')).json()).revisions).toHaveLength(1);
});

test.each<[string, unknown]>([
  ['a list', []],
  ['nothing', {}],
  ['a field too many', { ...ministries(), comment: 'x' }],
  ['nobody who approves', ministries({ kultusPeople: [{ id: 'anna.leit' }], finanzenPeople: [] })],
])('%s is no organisation', async (_what, body) => {
  const { put } = await startWithMinistries();
  expect(await problemOf(await put(zoe, body))).toMatchObject({ status: 422, code: 'organisation.invalid' });
});

test('who may not propose is refused before a large body is read', async () => {
  const { request } = await startWithMinistries();
  const refused = await request(userId('anna.leit'), 'PUT', '/organisation', { filler: 'x'.repeat(1_000_000) });
  expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'role.missing' });
});
