import { expect, test } from 'vitest';
import { planSummarySchema, plansSchema, type PlanSummary } from '#contract/governance.ts';
import { plannedChangesSchema, type PlannedChange } from '#contract/planned-change.ts';
import type { ApprovalRefusal } from '#appservice/apply/approval.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana, uwe } from '#appservice/people/test-organisation.ts';

const plan: PlanSummary = {
  digest: 'sha256-0123456789',
  revision: 2,
  state: 'awaiting-approval',
  summary: ['1 room is created'],
  effects: [{ kind: 'CreateRoom', changes: 1, rooms: 1, people: 0 }],
  changes: 1,
  applyable: true,
  complete: true,
  errored: false,
  refusals: [],
  createdAt: '2026-11-23T12:00:00.000Z',
};

const renaming: PlannedChange = {
  kind: 'SetName',
  address: 'room/hkm',
  before: { name: 'Alt' },
  after: { name: 'Neu' },
  reason: 'm.room.name differs from the declaration',
  risk: 'low',
};
const requests = [1, 2, 3].map((index) => ({ method: 'sendState', parameters: [`!room-${index}`] }));

function startWithPlan(outcome: PlanSummary | ApprovalRefusal = { ...plan, state: 'applying' }) {
  return startTestApi({
    plans: {
      list: async () => [plan],
      read: async () => null,
      changes: async (digest) => (digest === plan.digest ? [renaming] : null),
      requests: async (digest) => (digest === plan.digest ? requests : null),
      approve: async () => outcome,
    },
  });
}

function approve(url: string, headers: Record<string, string>, digest = plan.digest) {
  return fetch(`${url}/api/v1/plans/${digest}/approval`, { method: 'POST', headers });
}

test('an approver lists plans and approves one by its digest', async () => {
  const { url } = await startWithPlan();
  const session = await signIn(url, uwe);
  const list = await fetch(`${url}/api/v1/plans`, { headers: session });
  expect(plansSchema.parse(await list.json()).plans).toEqual([plan]);
  const approved = await approve(url, session);
  expect(planSummarySchema.parse(await approved.json())).toEqual({ ...plan, state: 'applying' });
});

test('whoever may read a plan reads its changes as typed data, and what it would ask of the homeserver', async () => {
  const { url } = await startWithPlan();
  const session = await signIn(url, uwe);
  const read = (path: string) => fetch(`${url}/api/v1/plans/${path}`, { headers: session });
  const { changes } = plannedChangesSchema.parse(await (await read(`${plan.digest}/changes`)).json());
  expect(changes).toEqual([renaming]);
  const page = await (await read(`${plan.digest}/requests?after=1&limit=1`)).json();
  expect(page).toEqual({ requests: requests.slice(1, 2) });
  const unknown = 'a'.repeat(64);
  for (const part of ['changes', 'requests']) {
    expect(await problemOf(await read(`${unknown}/${part}`))).toMatchObject({ status: 404, code: 'plan.unknown' });
  }
});

test('somebody without a role neither lists nor approves', async () => {
  const { url } = await startWithPlan();
  const session = await signIn(url, jana);
  for (const response of [await fetch(`${url}/api/v1/plans`, { headers: session }), await approve(url, session)]) {
    expect(await problemOf(response)).toMatchObject({ status: 403, code: 'role.missing' });
  }
});

test.each<[ApprovalRefusal, number]>([
  ['plan.unknown', 404],
  ['plan.stale', 409],
  ['plan.refused', 409],
  ['plan.not-awaiting-approval', 409],
  ['plan.expired', 409],
  ['role.missing', 403],
  ['scope.exceeded', 403],
])('%s is answered with %i', async (code, status) => {
  const { url } = await startWithPlan(code);
  expect(await problemOf(await approve(url, await signIn(url, uwe)))).toMatchObject({ status, code });
});

test('a sign-in of five minutes ago approves, an older one does not', async () => {
  const { url, clock } = await startWithPlan();
  const session = await signIn(url, uwe);
  clock.now += 5 * 60_000;
  expect((await approve(url, session)).status).toBe(200);
  clock.now += 1;
  const refused = await approve(url, session);
  expect(refused.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
  expect(await problemOf(refused)).toMatchObject({ status: 401, code: 'session.not-fresh' });
});

test('who is refused leaves a row in the audit trail; who never signed in leaves none', async () => {
  const { url, database } = await startWithPlan();
  await approve(url, await signIn(url, jana));
  await approve(url, {});
  const rows = await database.selectFrom('audit').selectAll().where('action', '=', 'request.refused').execute();
  expect(rows.map(({ actor, subject, detail }) => [actor, subject, JSON.parse(detail)])).toEqual([
    [jana, `POST /api/v1/plans/${plan.digest}/approval`, { code: 'role.missing', problems: [] }],
  ]);
});

test('what cannot be a digest is refused before anybody looks for it', async () => {
  const { url } = await startWithPlan();
  expect(await problemOf(await approve(url, await signIn(url, uwe), '..%2f..'))).toMatchObject({
    code: 'request.invalid',
  });
});
