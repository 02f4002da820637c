/** Roles × operations, and roles × places: who is let in where. */
import { describe, expect, test } from 'vitest';
import { roleSchema, type Role } from '#contract/organisation.ts';
import { problemSchema } from '#contract/problem.ts';
import {
  finanzenPeople,
  kultusPeople,
  kultusUnits,
  ministries,
  renamedJointRoom,
  userId,
  type Changes,
} from '#appservice/authority/test-organisation.ts';
import { signIn, startTestApi } from '../test-support/test-api.ts';
import { operations } from './operations.ts';
import type { Operation } from './operation.ts';

const people = [{ id: 'ohne.rolle' }, ...roleSchema.options.map((role) => ({ id: `nur.${role}`, roles: [role] }))];
const organisation = ministries({ kultusPeople: [...kultusPeople, ...people] });

/** What the operation answers to a request that is as small as can be; null if it lets the caller in. */
async function refusalOf(url: string, { method, path }: Operation, headers: Record<string, string>) {
  const address = path
    .replace('{digest}', 'a'.repeat(64))
    .replace('{number}', '7')
    .replace('{run}', runId)
    .replace('{room}', '!room');
  const answer = await fetch(`${url}${address}`, { method: method.toUpperCase(), headers });
  if (answer.headers.get('content-type')?.startsWith('application/problem+json') !== true) return null;
  const { code } = problemSchema.parse(await answer.json());
  return code.startsWith('session.') || code === 'role.missing' ? code : null;
}

const runId = '0b0f7b56-7a0f-4f0e-9a53-5f0f3f0f3c1e';
const closed = operations.filter(({ access }) => access !== 'public');

describe.each(closed)('$method $path', (operation) => {
  test('wants a session', async () => {
    const { url } = await startTestApi({ organisation: () => organisation });
    expect(await refusalOf(url, operation, {})).toBe('session.missing');
    expect(await refusalOf(url, operation, { Authorization: 'Bearer invented' })).toBe('session.invalid');
  });

  test('lets in exactly the roles that its description names', async () => {
    const { url } = await startTestApi({ organisation: () => organisation });
    const letIn = async (person: string) =>
      (await refusalOf(url, operation, await signIn(url, userId(person)))) === null;
    const allowed: readonly Role[] = typeof operation.access === 'string' ? roleSchema.options : operation.access;
    const roles: Role[] = [];
    for (const role of roleSchema.options) if (await letIn(`nur.${role}`)) roles.push(role);
    expect(roles.toSorted()).toEqual(allowed.toSorted());
    expect(await letIn('ohne.rolle')).toBe(operation.access === 'session');
  });
});

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
