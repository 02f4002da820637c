import type { RoomId } from '#contract/ids.ts';
import { planStateOf } from './plan-records.ts';
import { repairRooms } from './repair-rooms.ts';
import { isCancelled } from './run-records.ts';
import type { Workshop } from './workshop.ts';

/** Repairs the protection of single rooms by the revision in force. Answers the rooms where something failed. */
export async function repair(workshop: Workshop, roomIds: ReadonlySet<RoomId>): Promise<ReadonlySet<RoomId>> {
  const { options, outstanding, inForce, desiredOf } = workshop;
  const { number: revision, organisation } = inForce;
  const { db } = options.store;
  const isSettled = (await planStateOf(db, revision)) === 'applied' && !(await isCancelled(db, revision));
  const order = { revision, organisation, desired: desiredOf(organisation), isSettled };
  const { undone, elsewhere } = await repairRooms(roomIds, order, options);
  outstanding.add(elsewhere.map((invite) => ({ invite, appliedAction: 'drift.repaired' })));
  if (elsewhere.length > 0) options.onOutstanding();
  return undone;
}
