import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { startPostgres, type TestPostgres } from '#test/harness/postgres.ts';
import { appendAudit, type AuditEntry } from './append-audit.ts';
import { verifyAudit } from './verify-audit.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

const entry: AuditEntry = {
  at: 1_790_000_000_000,
  actor: '@anna.muster:land.hessen.test',
  action: 'change.applied',
  subject: 'room/hmdi',
  detail: { after: 'x', before: null },
};

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  let store: Store;

  beforeEach(async () => {
    store = await openStore(
      kind === 'sqlite'
        ? { url: 'sqlite::memory:' }
        : { url: await postgres.createDatabase(), passwordPath: postgres.passwordPath },
    );
  });

  afterEach(() => store.close());

  const append = (further: Partial<AuditEntry> = {}): Promise<void> =>
    store.transaction((transaction) => appendAudit(transaction, { ...entry, ...further }));

  async function appendRows(count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) await append({ subject: `room/${number}` });
  }

  test('an empty trail is whole', async () => {
    expect(await verifyAudit(store.db)).toEqual({ rows: 0, firstBadSequence: null });
  });

  test('the first row hangs on 64 zeros, the next one on its hash', async () => {
    await appendRows(2);
    const [first, second] = await store.db.selectFrom('audit').selectAll().orderBy('sequence').execute();
    expect(first).toMatchObject({ sequence: 1, previous_hash: '0'.repeat(64), detail: '{"after":"x","before":null}' });
    expect(second).toMatchObject({ sequence: 2, previous_hash: first?.hash });
  });

  test('both databases compute the same hash, now and in later versions', async () => {
    await append();
    const { hash } = await store.db.selectFrom('audit').select('hash').executeTakeFirstOrThrow();
    expect(hash).toBe('ac58a3ac28ee6e1879cf4742f89dc70bf65070e57893552506f7bf05ba414fe4');
  });

  test('fifty concurrent appends make one chain', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => append({ subject: `room/${index}` })));
    expect(await verifyAudit(store.db)).toEqual({ rows: 50, firstBadSequence: null });
  });

  test('a trail of more than one page is read to its end', async () => {
    await store.transaction(async (transaction) => {
      for (let number = 1; number <= 1_001; number += 1) await appendAudit(transaction, entry);
    });
    await store.db
      .updateTable('audit')
      .set({ actor: '@other:land.hessen.test' })
      .where('sequence', '=', 1_001)
      .execute();
    expect(await verifyAudit(store.db)).toEqual({ rows: 1_001, firstBadSequence: 1_001 });
  });

  test('a transaction that is rolled back leaves no row and no gap', async () => {
    await append();
    const failing = store.transaction(async (transaction) => {
      await appendAudit(transaction, entry);
      throw new Error('the fact did not come about');
    });
    await expect(failing).rejects.toThrow('the fact did not come about');
    await append();
    expect(await verifyAudit(store.db)).toEqual({ rows: 2, firstBadSequence: null });
  });

  test('line breaks, halves of surrogate pairs and zero bytes from strangers neither forge nor break the trail', async () => {
    const hostile = 'x\r\nAUDIT ok \uD800 \0';
    await append({ actor: hostile, subject: hostile, detail: { [hostile]: hostile } });
    expect(await verifyAudit(store.db)).toEqual({ rows: 1, firstBadSequence: null });
    const { detail } = await store.db.selectFrom('audit').select('detail').executeTakeFirstOrThrow();
    expect(detail).not.toMatch(/[\r\n]/);
  });

  test.each([
    ['detail', { detail: '{"after":"y","before":null}' }],
    ['actor', { actor: '@other:land.hessen.test' }],
    ['action', { action: 'change.failed' }],
    ['subject', { subject: 'room/other' }],
    ['time', { at: 1 }],
    ['hash', { hash: 'f'.repeat(64) }],
    ['previous hash', { previous_hash: 'f'.repeat(64) }],
  ])('an altered %s is named', async (_field, altered) => {
    await appendRows(5);
    await store.db.updateTable('audit').set(altered).where('sequence', '=', 3).execute();
    expect(await verifyAudit(store.db)).toEqual({ rows: 5, firstBadSequence: 3 });
  });

  test.each([1, 3, 5])('the removed row %i is named', async (removed) => {
    await appendRows(5);
    await store.db.deleteFrom('audit').where('sequence', '=', removed).execute();
    expect(await verifyAudit(store.db)).toEqual({ rows: 4, firstBadSequence: removed });
  });

  test('the first of reordered rows is named', async () => {
    await appendRows(5);
    const renumber = (from: number, to: number): Promise<unknown> =>
      store.db.updateTable('audit').set({ sequence: to }).where('sequence', '=', from).execute();
    await renumber(2, 99);
    await renumber(4, 2);
    await renumber(99, 4);
    expect(await verifyAudit(store.db)).toEqual({ rows: 5, firstBadSequence: 2 });
  });

  test.each([0, 3])('a row inserted as number %i is named', async (sequence) => {
    await appendRows(2);
    const last = await store.db.selectFrom('audit').selectAll().where('sequence', '=', 2).executeTakeFirstOrThrow();
    await store.db
      .insertInto('audit')
      .values({ ...last, sequence })
      .execute();
    expect(await verifyAudit(store.db)).toEqual({ rows: 3, firstBadSequence: sequence === 0 ? 1 : 3 });
  });

  test.each([
    ['another number', { sequence: 1 }, 2],
    ['another hash', { hash: 'f'.repeat(64) }, 2],
  ])('a recorded end with %s is named', async (_case, altered, firstBadSequence) => {
    await appendRows(2);
    await store.db.updateTable('audit_head').set(altered).execute();
    expect(await verifyAudit(store.db)).toEqual({ rows: 2, firstBadSequence });
  });

  test('without the recorded end the trail is not whole, and nothing can be appended', async () => {
    await appendRows(2);
    await store.db.deleteFrom('audit_head').execute();
    expect(await verifyAudit(store.db)).toEqual({ rows: 2, firstBadSequence: 3 });
    await expect(append()).rejects.toThrow('lost its end');
  });
});
