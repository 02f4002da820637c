/**
 * `node measure.ts new|unchanged`: one measurement in a process of its own, so that its memory is its own. Prints JSON.
 */
import { botOf } from '#contract/ids.ts';
import { openStore, type Store } from '#appservice/store/open-store.ts';
import { createClosedAccounts } from '#appservice/apply/closed-accounts.ts';
import { recordRoom } from '#appservice/apply/inventory.ts';
import { createObserver } from '#appservice/apply/observer.ts';
import { computeDesiredState, type DesiredState } from '#appservice/reconciler/desired-state.ts';
import { nothing } from '#appservice/reconciler/model-homeserver.ts';
import { computePlan } from '#appservice/reconciler/plan.ts';
import { createTestSeal } from '#appservice/roster/test-seal.ts';
import { benchServer, largeOrganisation } from './large-organisation.ts';
import { roomIdOf, settledHomeserver } from './settled-homeserver.ts';
import type { PlanningMeasurement } from './planning.ts';

const bytesPerMegabyte = 1024 * 1024;
const bot = botOf(benchServer);

/** From a declaration and an empty homeserver to a plan that creates everything. */
async function measureNew(): Promise<PlanningMeasurement> {
  const organisation = await largeOrganisation({ bodies: 10, peopleOfBody: 2_000, unitsOfBody: 16 });
  const begun = performance.now();
  const desired = computeDesiredState(organisation, benchServer);
  const plan = computePlan(desired, nothing, bot);
  return measurementOf(desired, plan.changes.length, performance.now() - begun);
}

/** From a declaration and a homeserver on which it stands to a plan without changes, everything read and noted. */
async function measureUnchanged(): Promise<PlanningMeasurement> {
  const organisation = await largeOrganisation({ bodies: 100, peopleOfBody: 250, unitsOfBody: 36 });
  const desired = computeDesiredState(organisation, benchServer);
  const store = await openStore({ url: 'sqlite::memory:' });
  const rosters = createTestSeal();
  const homeserver = settledHomeserver(desired, bot, rosters);
  const observer = createObserver({
    homeserver,
    bot,
    rosters,
    closedAccounts: createClosedAccounts(homeserver, () => 1),
    store,
    serverName: benchServer,
    concurrency: 8,
    isBusy: () => false,
    agreedRooms: () => [],
    now: () => 1,
  });
  await noteRooms(store, desired);
  const begun = performance.now();
  const plan = await observer.planFor(organisation, await observer.look(organisation), organisation);
  return measurementOf(desired, plan.changes.length, performance.now() - begun);
}

/** Rooms that were seen before are in the inventory. */
async function noteRooms(store: Store, { rooms }: DesiredState): Promise<void> {
  await store.transaction(async (transaction) => {
    for (const { address, class: roomClass } of rooms) {
      await recordRoom(transaction, { address, roomId: roomIdOf(address), class: roomClass, at: 1 });
    }
  });
}

function measurementOf(desired: DesiredState, changes: number, elapsedMs: number): PlanningMeasurement {
  return {
    rooms: desired.rooms.length,
    people: desired.everybody.size,
    memberships: desired.rooms.reduce((sum, { members }) => sum + members.length, 0),
    changes,
    elapsedMs,
    // The unit is a kilobyte (getrusage(2), ru_maxrss).
    memoryMb: (process.resourceUsage().maxRSS * 1024) / bytesPerMegabyte,
  };
}

const measure = process.argv[2] === 'unchanged' ? measureUnchanged : measureNew;
process.stdout.write(JSON.stringify(await measure()));
