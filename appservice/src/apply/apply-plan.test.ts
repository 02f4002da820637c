import { expect, onTestFinished, test } from 'vitest';
import { roomOriginKey } from '#contract/event-content.ts';
import { userIdSchema } from '#contract/ids.ts';
import { HomeserverError, type RoomCreation } from '#appservice/matrix/ports.ts';
import { createRecordingHomeserver, type RecordingHomeserver } from '#appservice/matrix/recording-homeserver.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { nothing } from '../reconciler/model-homeserver.ts';
import { land, ministryAndSchool } from '../organisation/test-organisations.ts';
import { applyPlan, type Outcome } from './apply-plan.ts';
import type { Actor } from '#appservice/matrix/ports.ts';
import { readInventory } from './inventory.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const plan: Plan = computePlan(computeDesiredState(ministryAndSchool, land), nothing, bot);

async function openTestStore(): Promise<Store> {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  return store;
}

async function apply(homeserver: Actor, store: Store, ended?: AbortSignal): Promise<readonly Outcome[]> {
  const { outcomes } = await applyPlan(plan, new Map(), {
    homeserver,
    store,
    serverName: land,
    bot,
    appliedAction: 'change.applied',
    concurrency: 4,
    ended: ended ?? new AbortController().signal,
    now: () => 1,
    onOutcome: () => undefined,
  });
  return outcomes;
}

function addressOf({ creation_content: content }: RoomCreation): unknown {
  return Object(content[roomOriginKey]).address;
}

/** Refuses to create the room at one address. */
function refusing(address: string): RecordingHomeserver {
  const recording = createRecordingHomeserver();
  return {
    ...recording,
    createRoom: (creation) =>
      addressOf(creation) === address
        ? Promise.reject(new HomeserverError(500, 'M_UNKNOWN', 'out of order'))
        : recording.createRoom(creation),
  };
}

test('every change is carried out once, and each has its row in the audit trail', async () => {
  const store = await openTestStore();
  const homeserver = createRecordingHomeserver();
  const outcomes = await apply(homeserver, store);
  expect(outcomes.map(({ result }) => result)).toEqual(plan.changes.map(() => 'applied'));
  expect(homeserver.requests).toHaveLength(plan.changes.length);
  const rows = await store.db.selectFrom('audit').select('action').execute();
  expect(rows.map(({ action }) => action)).toEqual(plan.changes.map(() => 'change.applied'));
});

test('what was created stands in the inventory', async () => {
  const store = await openTestStore();
  await apply(createRecordingHomeserver(), store);
  const created = plan.changes.filter(({ kind }) => kind === 'CreateRoom').map(({ address }) => address);
  expect([...(await readInventory(store.db)).keys()].toSorted()).toEqual(created.toSorted());
});

test('no room is created before the space it names, and nobody joins before everything stands', async () => {
  const homeserver = createRecordingHomeserver();
  await apply(homeserver, await openTestStore());
  const methods = homeserver.requests.map(({ method }) => method);
  expect(methods.lastIndexOf('createRoom')).toBeLessThan(methods.indexOf('joinAs'));
  expect(methods.lastIndexOf('registerAccount')).toBeLessThan(methods.indexOf('createRoom'));
});

test('one room that cannot be created holds up only what happens in it', async () => {
  const store = await openTestStore();
  const outcomes = await apply(refusing('room/hkm'), store);
  const notApplied = outcomes.filter(({ result }) => result !== 'applied');
  const inRoom = plan.changes.filter(({ address }) => address === 'room/hkm');
  const linkToIt = plan.changes.filter((change) => change.kind === 'LinkSpaceChild' && change.after === 'room/hkm');
  expect(notApplied).toHaveLength(inRoom.length + linkToIt.length);
  expect(notApplied.filter(({ result }) => result === 'skipped')).toHaveLength(inRoom.length - 1);
  expect((await readInventory(store.db)).has('room/hkm')).toBe(false);
  expect((await readInventory(store.db)).has('room/hkm/referat')).toBe(true);
});

test('a failure stands in the audit trail with its cause', async () => {
  const store = await openTestStore();
  await apply(refusing('space/hkm/abteilung'), store);
  const failed = await store.db.selectFrom('audit').selectAll().where('action', '=', 'change.failed').execute();
  expect(failed.find(({ subject }) => subject === 'space/hkm/abteilung')?.detail).toContain('out of order');
});

test('when the process ends nothing is begun any more, and what has no known outcome is noted nowhere', async () => {
  const store = await openTestStore();
  const ended = new AbortController();
  const recording = createRecordingHomeserver();
  const homeserver: Actor = {
    ...recording,
    createRoom: async () => {
      ended.abort();
      throw new HomeserverError(0, 'M_UNKNOWN', 'stopped waiting for an answer');
    },
  };
  await expect(apply(homeserver, store, ended.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(recording.requests.map(({ method }) => method)).not.toContain('joinAs');
  const failed = await store.db.selectFrom('audit').selectAll().where('action', '=', 'change.failed').execute();
  expect(failed).toEqual([]);
});
