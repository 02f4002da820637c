import { expect, test } from 'vitest';
import { auditProofSchema, auditRowsSchema, auditVerificationSchema } from '#contract/governance.ts';
import { leafHashOf } from '#appservice/audit/merkle-tree.ts';
import { isConsistent, isIncluded } from '#appservice/audit/verify-proofs.ts';
import { ministries, userId } from '#appservice/authority/test-organisation.ts';
import { problemOf, signIn, startTestApi } from '../../test-support/test-api.ts';

const auditor = userId('zoe.zentral');

async function startAudited() {
  const { url, database } = await startTestApi({ organisation: () => ministries() });
  const headers = await signIn(url, auditor);
  const get = (path: string) => fetch(`${url}/api/v1/audit${path}`, { headers });
  async function head() {
    const [, size, root = ''] = (await (await get('/checkpoint')).text()).split('\n');
    return { size: Number(size), root: Buffer.from(root, 'base64') };
  }
  const prove = async (path: string) =>
    auditProofSchema.parse(await (await get(path)).json()).proof.map((hash) => Buffer.from(hash, 'base64'));
  return { url, database, get, head, prove };
}

test('rows are read a page at a time, and reading leaves a row of its own', async () => {
  const { get } = await startAudited();
  const { rows } = auditRowsSchema.parse(await (await get('?limit=2')).json());
  expect(rows.map(({ sequence, action }) => [sequence, action])).toEqual([
    [1, 'revision.received'],
    [2, 'revision.approved-first'],
  ]);
  const next = auditRowsSchema.parse(await (await get('?after=2')).json());
  expect(next.rows.map(({ actor, action }) => [actor, action])).toEqual([
    [auditor, 'session.opened'],
    [auditor, 'audit.read'],
  ]);
});

test('verification names the first bad row', async () => {
  const { database, get } = await startAudited();
  const verify = async () => auditVerificationSchema.parse(await (await get('/verification')).json());
  expect(await verify()).toEqual({ rows: 3, firstBadSequence: null });
  await database.updateTable('audit').set({ actor: 'somebody else' }).where('sequence', '=', 2).execute();
  expect(await verify()).toEqual({ rows: 3, firstBadSequence: 2 });
});

test('a witness with an earlier head sees that the later one only adds, and that a row is in it', async () => {
  const { get, head, prove } = await startAudited();
  const earlier = await head();
  const { rows } = auditRowsSchema.parse(await (await get('')).json());
  const later = await head();
  expect([earlier.size, later.size]).toEqual([3, 4]);
  expect(isConsistent(earlier, later, await prove('/consistency?from=3&to=4'))).toBe(true);
  const leaf = leafHashOf(Buffer.from(rows[1]?.hash ?? '', 'hex'));
  expect(isIncluded(leaf, 1, later, await prove('/inclusion?sequence=2&size=4'))).toBe(true);
});

test('a witness sees when everything was computed anew', async () => {
  const { database, head, prove } = await startAudited();
  const earlier = await head();
  await database
    .updateTable('audit')
    .set({ hash: 'ab'.repeat(32) })
    .where('sequence', '=', 1)
    .execute();
  expect(isConsistent(earlier, await head(), await prove('/consistency?from=3&to=3'))).toBe(false);
});

test.each([
  '/consistency?from=2&to=99',
  '/consistency?from=3&to=2',
  '/inclusion?sequence=0&size=2',
  '/inclusion?sequence=3&size=2',
])('there is no proof for %s', async (path) => {
  const { get } = await startAudited();
  expect(await problemOf(await get(path))).toMatchObject({ status: 404, code: 'audit.no-such-tree' });
});

test('the trail is downloaded as CSV', async () => {
  const { get } = await startAudited();
  const answer = await get('.csv?limit=3');
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect((await answer.text()).split('\r\n')[3]).toContain(
    `"3","1970-01-01T00:16:40.000Z","'${auditor}","session.opened"`,
  );
});
