/** Proposals side by side, on the databases themselves. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openStore, type StoreOptions } from '#appservice/store/open-store.ts';
import { startPostgres, type TestPostgres } from '#test/harness/postgres.ts';
import { receiveDeclaration } from '../apply/revisions.ts';
import { createRevisionDesk } from './revision-desk.ts';
import { finanzenPeople, kultusPeople, ministries, userId } from './test-organisation.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const databases: Record<string, () => Promise<StoreOptions>> = {
  sqlite: async () => ({ url: 'sqlite::memory:' }),
  postgres: async () => ({ url: await postgres.createDatabase(), passwordPath: postgres.passwordPath }),
};

test.each(Object.keys(databases))(
  'of two proposals at the same moment one waits and one is refused, on %s',
  async (kind) => {
    const store = await openStore((await databases[kind]?.()) ?? { url: '' });
    onTestFinished(() => store.close());
    await store.transaction((transaction) => receiveDeclaration(transaction, ministries(), 1));
    const unplanned: unknown[] = [];
    const desk = createRevisionDesk({
      store,
      now: () => 2,
      notePlan: () => Promise.reject(new Error('the homeserver is away')),
      onUnplanned: (error) => unplanned.push(error),
    });
    const { digest } = await desk.inForce();
    // Connections that are open already, so that the two really meet.
    await Promise.all(Array.from({ length: 4 }, () => desk.list()));
    const outcomes = await Promise.all([
      desk.propose(ministries({ kultusPeople: [...kultusPeople, { id: 'neu.eins' }] }), digest, userId('kim.kultus')),
      desk.propose(
        ministries({ finanzenPeople: [...finanzenPeople, { id: 'neu.zwei' }] }),
        digest,
        userId('fin.anzen'),
      ),
    ]);
    const refused = outcomes.filter((outcome) => 'refusal' in outcome);
    const proposed = outcomes.filter((outcome) => 'revision' in outcome);
    expect(refused).toEqual([{ refusal: 'revision.waiting' }]);
    expect(proposed).toMatchObject([{ revision: { number: 2, state: 'awaiting-approval' }, plan: null }]);
    expect(unplanned).toEqual([new Error('the homeserver is away')]);
  },
);
