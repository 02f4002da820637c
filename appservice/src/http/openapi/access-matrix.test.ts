/** Operations × roles × places: who is let in where. Every operation has its row, and every row every caller. */
import { expect, test } from 'vitest';
import { domainWideRoles } from '#contract/grants.ts';
import { roleSchema, type Organisation, type Role } from '#contract/organisation.ts';
import { problemSchema } from '#contract/problem.ts';
import { policePartner } from '#appservice/agreements/test-agreements.ts';
import { holds, type Place } from '#appservice/authority/place.ts';
import {
  finanzenPeople,
  kultusPeople,
  kultusUnits,
  ministries,
  renamedJointRoom,
  userId,
  type Changes,
} from '#appservice/authority/test-organisation.ts';
import { digestOf } from '#appservice/reconciler/plan.ts';
import { startGovernedApi } from '../test-support/governed-api.ts';
import { jsonHeaders, signIn, startTestApi } from '../test-support/test-api.ts';
import { parameters, rows } from '../test-support/access-rows.ts';
import { operations } from './operations.ts';
import type { Operation } from './operation.ts';

/** The unit, what is above it, a foreign unit of the same ministry, and a foreign ministry: scope and place. */
const reaches: readonly (readonly [string, Place])[] = [
  ['hkm/referat', 'hkm/abteilung/referat'],
  ['hkm/abteilung', 'hkm/abteilung'],
  ['hkm', 'hkm'],
  ['*', '*'],
  ['hkm/zentrale', 'hkm/zentrale'],
  ['hmdf', 'hmdf'],
];

interface Caller {
  readonly id: string;
  readonly role: Role | null;
  readonly reach: Place;
}

function callersOf(role: Role): readonly (Caller & { readonly grant: unknown })[] {
  if (domainWideRoles.has(role)) return [{ id: `${role}.ueberall`, role, reach: '*', grant: role }];
  return reaches.map(([scope, reach], index) => ({ id: `${role}.${index}`, role, reach, grant: { role, scope } }));
}

const withRoles = roleSchema.options.flatMap(callersOf);
const callers: readonly Caller[] = [...withRoles, { id: 'ohne.rolle', role: null, reach: 'hmdf' }];

/** All callers belong to the foreign ministry: where they belong gives them nothing. */
function organisationWith(changes: Changes): Organisation {
  const people = [...withRoles.map(({ id, grant }) => ({ id, roles: [grant] })), { id: 'ohne.rolle' }];
  const units = [...kultusUnits, { id: 'zentrale', name: 'Zentrale' }];
  const { domain, ...declared } = ministries({
    ...changes,
    kultusUnits: units,
    finanzenPeople: [...finanzenPeople, ...people],
  });
  return { ...declared, domain: { ...domain, partners: [policePartner] } };
}

const organisation = organisationWith({});
const proposed = organisationWith({ kultusPeople: [...kultusPeople, { id: 'neu.hier', unit: 'referat' }] });

function requestOf({ method, path }: Operation, plan: string, headers: Record<string, string>): [string, RequestInit] {
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? (plan || 'a'.repeat(64)));
  const isProposal = method === 'put';
  const content = isProposal ? proposed : rows[`${method} ${path}`]?.at?.body;
  return [
    address,
    {
      method: method.toUpperCase(),
      headers: { ...jsonHeaders, ...headers, ...(isProposal && { 'If-Match': `"${digestOf(organisation)}"` }) },
      ...(content !== undefined && { body: JSON.stringify(content) }),
    },
  ];
}

/** The code of a refusal that is about who asks; otherwise the status. */
async function outcomeOf(answer: Response): Promise<string | number> {
  if (answer.headers.get('content-type')?.startsWith('application/problem+json') !== true) return answer.status;
  const { code } = problemSchema.parse(await answer.json());
  return /^(session|role|scope)\./.test(code) ? code : answer.status;
}

type Api = Awaited<ReturnType<typeof startGovernedApi>>;

function startFor({ method, path }: Operation): Promise<Api> {
  const isWaiting = rows[`${method} ${path}`]?.at?.needsWaiting === true;
  return startGovernedApi(organisation, isWaiting ? proposed : null);
}

async function ask(operation: Operation, { url, plan }: Api, headers: Record<string, string>) {
  const [address, request] = requestOf(operation, plan, headers);
  const answer = await fetch(`${url}${address}`, request);
  const outcome = await outcomeOf(answer);
  await answer.body?.cancel().catch(() => undefined);
  return outcome;
}

/** What a caller must be told; `passed`: whatever follows when it was settled who asks. */
function expectedOf({ method, path }: Operation, { role, reach }: Caller): string | number {
  const { who, at } = rows[`${method} ${path}`] ?? { who: [] };
  const isOfRole = who === 'declared' || (role !== null && who.includes(role));
  if (!isOfRole) return 'role.missing';
  if (at === undefined) return 'passed';
  return holds(reach, at.place) ? at.status : 'scope.exceeded';
}

test('every operation of the description has its row here, and says the same', () => {
  const described = operations.map(({ method, path, access }): [string, unknown] => [
    `${method} ${path}`,
    access === 'public' ? 'everybody' : access === 'session' ? 'declared' : access.toSorted(),
  ]);
  const written = Object.entries(rows).map(([key, { who }]) => [key, typeof who === 'string' ? who : who.toSorted()]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(described));
});

test.each(operations)('$method $path wants a session, unless everybody may', async (operation) => {
  const api = await startFor(operation);
  const without = await ask(operation, api, {});
  const invented = await ask(operation, api, { Authorization: 'Bearer invented' });
  const isOpen = rows[`${operation.method} ${operation.path}`]?.who === 'everybody';
  if (isOpen) expect([without, invented].join()).not.toMatch(/session|role|scope/);
  else expect([without, invented]).toEqual(['session.missing', 'session.invalid']);
});

test.each(operations.filter(({ access }) => access !== 'public'))(
  '$method $path lets in whose role it is, where it holds, and nobody else',
  async (operation) => {
    const shared = await startFor(operation);
    const outcomes = new Map<string, string | number>();
    for (const caller of callers) {
      const expected = expectedOf(operation, caller);
      // Who gets what they want changes something; each of them finds it as the first one did.
      const api = typeof expected === 'number' ? await startFor(operation) : shared;
      const outcome = await ask(operation, api, await signIn(api.url, userId(caller.id)));
      outcomes.set(caller.id, expected === 'passed' && typeof outcome === 'number' ? 'passed' : outcome);
    }
    expect(Object.fromEntries(outcomes)).toEqual(
      Object.fromEntries(callers.map((caller) => [caller.id, expectedOf(operation, caller)])),
    );
  },
);

const itemsByPlace: Record<string, Changes> = {
  'a person of the unit': { kultusPeople: [...kultusPeople, { id: 'neu.hier', unit: 'referat' }] },
  'a person of the ministry': { kultusPeople: [...kultusPeople, { id: 'neu.hier' }] },
  'a person of the other ministry': { finanzenPeople: [...finanzenPeople, { id: 'neu.hier' }] },
  'a room over both': { kultusRooms: [renamedJointRoom] },
  'a new unit beside': { kultusUnits: [...kultusUnits, { id: 'neue-abteilung', name: 'Neu' }] },
  'a role in the other ministry': {
    kultusPeople: [...kultusPeople, { id: 'neu.hier', unit: 'referat', roles: [{ role: 'approver', scope: 'hmdf' }] }],
  },
};

test.each<[string, readonly string[]]>([
  ['hkm/abteilung', ['a person of the unit']],
  ['hkm', ['a person of the unit', 'a person of the ministry', 'a new unit beside']],
  ['hmdf', ['a person of the other ministry']],
  ['*', Object.keys(itemsByPlace)],
])('a provisioner of %s changes there and nowhere else', async (scope, allowed) => {
  const provisioner = { id: 'pia.pro', roles: [{ role: 'provisioner', scope }] };
  const withHer = (changes: Changes): Changes => ({
    ...changes,
    finanzenPeople: [...(changes.finanzenPeople ?? finanzenPeople), provisioner],
  });
  const { url } = await startTestApi({ organisation: () => ministries(withHer({})) });
  const headers = await signIn(url, userId('pia.pro'));
  const etag = (await fetch(`${url}/api/v1/organisation`, { headers })).headers.get('etag') ?? '';
  const statuses = new Map<string, number>();
  for (const [item, changes] of Object.entries(itemsByPlace)) {
    const answer = await fetch(`${url}/api/v1/organisation`, {
      method: 'PUT',
      headers: { ...headers, 'If-Match': etag },
      body: JSON.stringify(ministries(withHer(changes))),
    });
    statuses.set(item, answer.status);
  }
  expect([...statuses].filter(([, status]) => status === 202).map(([item]) => item)).toEqual(allowed);
  expect(new Set(statuses.values())).toEqual(new Set(allowed.length === statuses.size ? [202] : [202, 403]));
});
