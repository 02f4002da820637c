/**
 * Who may ask what, row by row: written down beside the description, so that whoever adds an operation says it twice. The
 * requests are about the unit `hkm/referat`, as governed-api.ts lays it out.
 */
import { userId } from '#appservice/authority/test-organisation.ts';
import type { Place } from '#appservice/authority/place.ts';
import type { Role } from '#contract/organisation.ts';
import { digestOf } from '#appservice/reconciler/plan.ts';
import { endsAt } from '#appservice/agreements/test-agreements.ts';
import { agreementId, message, runId, unitRoom, unitTerms } from './governed-api.ts';

interface PlacedRequest {
  /** Where the role must hold. */
  readonly place: Place;
  /** What who may is answered. */
  readonly status: number;
  /** Something waits for approval meanwhile. */
  readonly needsWaiting?: true;
  readonly body?: unknown;
}

interface Row {
  readonly who: 'everybody' | 'declared' | readonly Role[];
  /** What may be asked only where the role holds; without it the role is enough, wherever it holds. */
  readonly at?: PlacedRequest;
}

const readers: readonly Role[] = ['provisioner', 'approver', 'auditor'];
const auditors: readonly Role[] = ['auditor', 'data-protection'];
const deciders: readonly Role[] = ['provisioner', 'approver'];
const unit: Place = 'hkm/abteilung/referat';
const removal = { userId: userId('ria.referat'), reason: 'Drohung' };

const agreement = {
  partner: 'polizei',
  name: 'Hochwasser Eder',
  purpose: 'Gemeinsame Lage.',
  endsAt: new Date(endsAt).toISOString(),
  members: [{ unit: 'hkm/referat' }],
  partnerPeople: ['@pia.streife:polizei.hessen.test'],
  partnerUnits: [],
};

/** What stands for the parameters of paths. */
export const parameters: Readonly<Record<string, string>> = {
  number: '2',
  run: runId,
  room: encodeURIComponent(unitRoom),
  id: agreementId,
  event: encodeURIComponent(message),
};

export const rows: Readonly<Record<string, Row>> = {
  'get /live': { who: 'everybody' },
  'get /ready': { who: 'everybody' },
  'get /openapi.json': { who: 'everybody' },
  'get /openapi': { who: 'everybody' },
  'get /openapi.css': { who: 'everybody' },
  'post /api/v1/session': { who: 'everybody' },
  'delete /api/v1/session': { who: 'declared' },
  'get /api/v1/domain': { who: 'declared' },
  'get /api/v1/people': { who: 'declared' },
  'post /api/v1/people/lookup': { who: 'declared' },
  'post /api/v1/conversations': { who: 'declared' },
  'get /api/v1/plans': { who: readers },
  'get /api/v1/plans/{digest}': { who: readers },
  'get /api/v1/plans/{digest}/changes': { who: readers },
  'get /api/v1/plans/{digest}/requests': { who: readers },
  'post /api/v1/plans/{digest}/approval': { who: ['approver'], at: { place: unit, status: 200, needsWaiting: true } },
  'get /api/v1/organisation': { who: readers },
  'put /api/v1/organisation': { who: ['provisioner'], at: { place: unit, status: 202 } },
  'get /api/v1/organisation/draft': { who: ['provisioner'], at: { place: '*', status: 200 } },
  'get /api/v1/revisions': { who: readers },
  'get /api/v1/revisions/comparison': { who: readers },
  'get /api/v1/revisions/{number}': { who: readers },
  'post /api/v1/revisions/{number}/withdrawal': {
    who: ['provisioner'],
    at: { place: unit, status: 204, needsWaiting: true },
  },
  'get /api/v1/audit': { who: auditors },
  'get /api/v1/audit.csv': { who: auditors },
  'get /api/v1/audit/verification': { who: auditors },
  'get /api/v1/audit/checkpoint': { who: auditors },
  'get /api/v1/audit/verifier-key': { who: auditors },
  'get /api/v1/audit/consistency': { who: auditors },
  'get /api/v1/audit/inclusion': { who: auditors },
  'get /api/v1/deliveries': { who: auditors },
  'get /api/v1/deliveries/verification': { who: auditors },
  'get /api/v1/runs': { who: readers },
  'get /api/v1/runs/{run}': { who: readers },
  'get /api/v1/runs/{run}/events': { who: readers },
  'post /api/v1/runs/{run}/cancellation': { who: deciders, at: { place: unit, status: 202 } },
  'post /api/v1/runs/{run}/resumption': { who: deciders, at: { place: unit, status: 202 } },
  'get /api/v1/drift': { who: readers },
  'post /api/v1/drift/repair': { who: ['approver'], at: { place: unit, status: 202 } },
  'post /api/v1/rooms/{room}/redactions': {
    who: ['moderator'],
    at: { place: unit, status: 204, body: { eventId: message, reason: 'Beleidigung' } },
  },
  'post /api/v1/rooms/{room}/removals': { who: ['moderator'], at: { place: unit, status: 204, body: removal } },
  'post /api/v1/rooms/{room}/readmissions': { who: ['moderator'], at: { place: unit, status: 204, body: removal } },
  'get /api/v1/partners': { who: [...readers, 'data-protection'] },
  'get /api/v1/agreements': { who: [...readers, 'data-protection'] },
  'post /api/v1/agreements': { who: ['provisioner'], at: { place: unit, status: 201, body: agreement } },
  'post /api/v1/agreements/{id}/consent': {
    who: ['approver'],
    at: { place: unit, status: 200, body: { digest: digestOf(unitTerms) } },
  },
  'get /api/v1/alerts/{room}/{event}/receipts': { who: 'declared' },
  'post /api/v1/alerts/{room}/{event}/receipts': { who: 'declared' },
  'post /api/v1/agreements/{id}/end': { who: deciders, at: { place: unit, status: 200, body: { reason: 'vorbei' } } },
};
