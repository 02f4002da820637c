/** Four eyes, as they lie in the database. The homeserver is empty, so each plan creates everything. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Organisation } from '#contract/organisation.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { startPostgres, type TestPostgres } from '#test/harness/postgres.ts';
import { kultusPeople, ministries, renamedJointRoom, userId, type Changes } from '../authority/test-organisation.ts';
import { readPlanDetail } from '../authority/plan-detail.ts';
import { land } from '../organisation/test-organisations.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { approvePlan, type ApprovalOptions } from './approval.ts';
import { listPlans, planLifetimeMs, recordPlan } from './plan-records.ts';
import {
  proposeRevision,
  receiveDeclaration,
  revisionInForce,
  waitingRevision,
  withdrawRevision,
  type Act,
} from './revisions.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const start = 1_790_000_000_000;
const [kim, fin, zoe, ria] = ['kim.kultus', 'fin.anzen', 'zoe.zentral', 'ria.referat'].map(userId);

function planOf(organisation: Organisation): Plan {
  const observed = { rooms: new Map(), accounts: new Set<never>() };
  return computePlan(computeDesiredState(organisation, land), observed, userId('landbote'));
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  /** The two ministries are in force; `author` has proposed `changes`, and the plan waits. */
  async function propose(changes: Changes, author: string = kim ?? '') {
    const store = await openStore(
      kind === 'sqlite'
        ? { url: 'sqlite::memory:' }
        : { url: await postgres.createDatabase(), passwordPath: postgres.passwordPath },
    );
    onTestFinished(() => store.close());
    const proposed = ministries(changes);
    await store.transaction((transaction) => receiveDeclaration(transaction, ministries(), start));
    const revision = await store.transaction((transaction) =>
      proposeRevision(transaction, proposed, { at: start, actor: author }),
    );
    const note = { revision, state: 'awaiting-approval', at: start } as const;
    const digest = await recordPlan(store, planOf(proposed), note);
    return { store, digest, ...desk(store, digest) };
  }

  function desk(store: Store, digest: string) {
    const clock = { now: start };
    const world = { plan: planOf, meanwhile: async (): Promise<unknown> => undefined };
    const options: ApprovalOptions = {
      store,
      now: () => clock.now,
      observer: {
        look: async () => Object(await world.meanwhile()),
        planFor: async (organisation) => world.plan(organisation),
      },
      onInForce: () => undefined,
    };
    const approve = (approver: ReturnType<typeof userId> | undefined, named = digest) =>
      approvePlan({ digest: named, approver: approver ?? userId('niemand') }, options);
    const auditedApprovals = async () => {
      const rows = await store.db.selectFrom('audit').selectAll().where('action', '=', 'plan.approved').execute();
      return rows.map(({ actor, detail }) => [actor, JSON.parse(detail).stillMissing]);
    };
    return { clock, world, approve, auditedApprovals };
  }

  const newColleague = { kultusPeople: [...kultusPeople, { id: 'neu.hier', unit: 'referat' }] };

  test('an approver of the unit approves what concerns the unit, and it comes into force', async () => {
    const { store, approve, auditedApprovals } = await propose(newColleague);
    expect(await approve(ria)).toMatchObject({ state: 'applying' });
    expect((await revisionInForce(store.db))?.number).toBe(2);
    expect(await auditedApprovals()).toEqual([[ria, []]]);
  });

  test('nobody approves what they wrote, whatever their role', async () => {
    const { store, approve } = await propose(newColleague, zoe);
    expect(await approve(zoe)).toBe('role.missing');
    expect((await revisionInForce(store.db))?.number).toBe(1);
  });

  test('an approver of one ministry cannot touch another', async () => {
    const { store, approve } = await propose(newColleague);
    expect(await approve(fin)).toBe('scope.exceeded');
    expect((await revisionInForce(store.db))?.number).toBe(1);
  });

  test('a room over two ministries waits until an approver of each has approved', async () => {
    const { store, digest, approve, auditedApprovals } = await propose({ kultusRooms: [renamedJointRoom] }, zoe);
    expect(await approve(kim)).toMatchObject({ state: 'awaiting-approval' });
    expect(await readPlanDetail(store.db, digest)).toMatchObject({
      author: zoe,
      places: ['hkm', 'hmdf'],
      missing: ['hmdf'],
      differences: [{ key: 'room/hkm/haushalt', kind: 'changed' }],
    });
    expect((await revisionInForce(store.db))?.number).toBe(1);
    expect(await approve(fin)).toMatchObject({ state: 'applying' });
    expect((await revisionInForce(store.db))?.number).toBe(2);
    expect(await auditedApprovals()).toEqual([
      [kim, ['hmdf']],
      [fin, []],
    ]);
  });

  test('any approver confirms that only the order of entries differs, and nobody else does', async () => {
    const { store, approve } = await propose({ kultusPeople: kultusPeople.toReversed() }, zoe);
    expect(await approve(userId('anna.leit'))).toBe('scope.exceeded');
    expect(await approve(fin)).toMatchObject({ state: 'applying' });
    expect((await revisionInForce(store.db))?.number).toBe(2);
  });

  test('the same person twice is still one', async () => {
    const { store, approve } = await propose({ kultusRooms: [renamedJointRoom] }, zoe);
    await approve(kim);
    expect(await approve(kim)).toMatchObject({ state: 'awaiting-approval' });
    expect((await revisionInForce(store.db))?.number).toBe(1);
  });

  test('a role that only the waiting revision gives approves nothing', async () => {
    const [, , anna] = kultusPeople;
    const people = [
      ...kultusPeople.slice(0, 2),
      { ...anna, id: 'anna.leit', roles: [{ role: 'approver', scope: '*' }] },
    ];
    const { approve } = await propose({ kultusPeople: people });
    expect(await approve(userId('anna.leit'))).toBe('scope.exceeded');
    expect(await approve(kim)).toBe('role.missing');
    expect(await approve(zoe)).toMatchObject({ state: 'applying' });
  });

  test('what the rooms have become since makes the plan stale, and earlier approvals void', async () => {
    const { store, world, approve } = await propose({ kultusRooms: [renamedJointRoom] }, zoe);
    await approve(kim);
    world.plan = (organisation) => ({ ...planOf(organisation), digest: 'changed meanwhile' });
    expect(await approve(fin)).toBe('plan.stale');
    const renewed = (await listPlans(store.db)).find(({ state }) => state === 'awaiting-approval');
    expect(await approve(fin, renewed?.digest)).toMatchObject({ state: 'awaiting-approval' });
    expect((await revisionInForce(store.db))?.number).toBe(1);
  });

  test.each<[string, (store: Store, act: Act) => Promise<unknown>]>([
    ['withdrawn', (store, act) => store.transaction((transaction) => withdrawRevision(transaction, 2, act))],
    [
      'replaced',
      (store, act) =>
        store.transaction((transaction) =>
          proposeRevision(transaction, ministries({ kultusRooms: [renamedJointRoom] }), act),
        ),
    ],
  ])('what is %s while an approval looks at the rooms does not come into force', async (_how, change) => {
    const { store, world, approve, auditedApprovals } = await propose(newColleague);
    world.meanwhile = () => change(store, { at: start, actor: kim ?? '' });
    expect(await approve(ria)).toBe('plan.not-awaiting-approval');
    expect((await revisionInForce(store.db))?.number).toBe(1);
    expect(await auditedApprovals()).toEqual([]);
  });

  test('after seven days a plan expires and its revision waits no longer', async () => {
    const { store, clock, approve } = await propose(newColleague);
    clock.now += planLifetimeMs + 1;
    expect(await approve(ria)).toBe('plan.expired');
    expect(await waitingRevision(store.db)).toBeNull();
    expect(await approve(ria)).toBe('plan.not-awaiting-approval');
  });

  test('files that have not changed do not undo what people decided', async () => {
    const { store, approve } = await propose(newColleague);
    const receive = (organisation: Organisation) =>
      store.transaction((transaction) => receiveDeclaration(transaction, organisation, start));
    expect(await receive(ministries())).toBe('unchanged');
    expect((await waitingRevision(store.db))?.author).toBe(kim);
    await approve(ria);
    expect(await receive(ministries())).toBe('unchanged');
    expect(await receive(ministries({ kultusRooms: [renamedJointRoom] }))).toBe('waiting');
  });
});
