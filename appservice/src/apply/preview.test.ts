import { expect, onTestFinished, test } from 'vitest';
import { roomIdSchema, userIdSchema } from '#contract/ids.ts';
import { createRecordingHomeserver } from '#appservice/matrix/recording-homeserver.ts';
import { unsignedRosters } from '#appservice/roster/unsigned-rosters.ts';
import { openStore } from '#appservice/store/open-store.ts';
import { land, ministryAndSchool, organisationOf } from '../organisation/test-organisations.ts';
import { isSpace } from '../reconciler/desired-room.ts';
import { computeDesiredState } from '../reconciler/desired-state.ts';
import { afterChanges, nothing } from '../reconciler/model-homeserver.ts';
import { computePlan, type Plan } from '../reconciler/plan.ts';
import { applyPlan } from './apply-plan.ts';
import { recordPlan } from './plan-records.ts';
import { previewPlan } from './preview.ts';
import { readPlannedChanges } from './planned-changes.ts';
import { receiveDeclaration } from './revisions.ts';

const bot = userIdSchema.parse('@landbote:land.hessen.test');
const everything = computePlan(computeDesiredState(ministryAndSchool, land), nothing, bot);
const options = { serverName: land, joinsTogether: false };

async function openStoreWith(plan: Plan) {
  const store = await openStore({ url: 'sqlite::memory:' });
  onTestFinished(() => store.close());
  await store.transaction((transaction) => receiveDeclaration(transaction, ministryAndSchool, 1));
  const digest = await recordPlan(store, plan, { revision: 1, state: 'applying', at: 1 });
  return { store, digest };
}

/** What a run of the plan asks of the homeserver. */
async function requestsOfRun(plan: Plan) {
  const homeserver = createRecordingHomeserver();
  const note = () => Promise.resolve();
  await applyPlan(plan, new Map(), {
    homeserver,
    serverName: land,
    rosters: unsignedRosters,
    ledger: { begin: note, settle: note, skip: note },
    concurrency: 1,
    ended: new AbortController().signal,
    cancelled: new AbortController().signal,
    onOutcome: () => undefined,
  });
  return homeserver.requests;
}

test('the preview of a noted plan is, request by request, what a run of it asks', async () => {
  const { store, digest } = await openStoreWith(everything);
  const requests = await previewPlan(store.db, digest, options);
  expect(requests).toEqual(await requestsOfRun(everything));
  const rooms = everything.changes.filter((change) => change.kind === 'CreateRoom' && !isSpace(change.after));
  expect(requests?.length).toBe(everything.changes.length + rooms.length);
});

test('a preview knows the rooms that there are', async () => {
  const settled = afterChanges(nothing, everything.changes, bot);
  const [ministry, ...others] = ministryAndSchool.bodies;
  const renamed = organisationOf([{ ...ministry, short: 'Kultus' }, ...others]);
  const { store, digest } = await openStoreWith(computePlan(computeDesiredState(renamed, land), settled, bot));
  const roomId = roomIdSchema.parse('!announcements');
  const room = { address: 'room/hkm', room_id: roomId, class: 'dienststelle', created_at: 1 };
  await store.db.insertInto('room').values(room).execute();
  expect(await previewPlan(store.db, digest, options)).toContainEqual({
    method: 'sendState',
    parameters: [roomId, { type: 'm.room.name', state_key: '', content: { name: 'Mitteilungen Kultus' } }],
  });
});

test('a noted plan gives its changes back as they were, page by page', async () => {
  const { store, digest } = await openStoreWith(everything);
  expect(await readPlannedChanges(store.db, digest)).toEqual(everything.changes);
  expect(await readPlannedChanges(store.db, digest, { after: 3, limit: 2 })).toEqual(everything.changes.slice(3, 5));
  expect(await readPlannedChanges(store.db, 'f'.repeat(64))).toBeNull();
});

test('whoever waits for people of other homeservers is not complete', () => {
  expect(everything.isComplete).toBe(false);
});
