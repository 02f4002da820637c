import { expect, test } from 'vitest';
import { planSummarySchema, plansSchema, type PlanSummary } from '#contract/api.ts';
import type { ApprovalRefusal } from '../dependencies.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';
import { jana, uwe } from '#appservice/people/test-organisation.ts';

const plan: PlanSummary = {
  digest: 'sha256-0123456789',
  revision: 2,
  state: 'awaiting-approval',
  summary: ['1 room is created'],
  changes: 1,
  createdAt: '2026-11-23T12:00:00.000Z',
};

function startWithPlan(outcome: PlanSummary | ApprovalRefusal = { ...plan, state: 'applying' }) {
  return startTestApi({ plans: { list: async () => [plan], approve: async () => outcome } });
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
  ['role.missing', 403],
])('%s is answered with %i', async (code, status) => {
  const { url } = await startWithPlan(code);
  expect(await problemOf(await approve(url, await signIn(url, uwe)))).toMatchObject({ status, code });
});

test('what cannot be a digest is refused before anybody looks for it', async () => {
  const { url } = await startWithPlan();
  expect(await problemOf(await approve(url, await signIn(url, uwe), '..%2f..'))).toMatchObject({
    code: 'request.invalid',
  });
});
