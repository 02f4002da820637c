/**
 * The total order of a plan's changes. Each rule is there because the other order did harm:
 * spaces before what they show; people of a leaving server out before the server ACL shuts them in (a server that is
 * merely denied still gets every message); the ACL before any invitation; removals of links last. What protects comes
 * before everything else, in all rooms: among a thousand rooms that drifted, none waits open for a name.
 */
import { isRemoval, isSetState, type Change, type Invite, type Join } from './change.ts';
import { isSpace, type DesiredRoom } from './desired-room.ts';
import { isProtectiveState } from './protection.ts';

/** Changes of one stage may run side by side in different queues; a stage begins when the one before has ended. */
export interface Stage {
  readonly changes: readonly Change[];
}

export type DepthOf = (address: string) => number;

/** How far below the root a room stands, by its parents. */
export function depthsOf(rooms: readonly DesiredRoom[]): DepthOf {
  const parents = new Map(rooms.map(({ address, parent }) => [address, parent]));
  function depthOf(address: string): number {
    const parent = parents.get(address) ?? null;
    return parent === null ? 0 : 1 + depthOf(parent);
  }
  return depthOf;
}

/** Sorts changes into the order in which they are carried out. */
export function orderChanges(changes: readonly Change[], depthOf: DepthOf): Change[] {
  return changes
    .map((change, index) => ({ change, index, stage: stageOf(change, depthOf), step: stepOf(change) }))
    .sort(
      (one, other) =>
        one.stage - other.stage ||
        compare(one.change.address, other.change.address) ||
        one.step - other.step ||
        one.index - other.index,
    )
    .map(({ change }) => change);
}

/** What must wait for each other: all that happens in one room, but for the rooms that a space shows. */
export function queueOf(change: Change): string {
  return change.kind === 'LinkSpaceChild' ? `${change.address} ${change.after}` : change.address;
}

/** Splits an ordered list where one change must wait for another address. */
export function stagesOf(changes: readonly Change[], depthOf: DepthOf): Stage[] {
  const stages = Map.groupBy(changes, (change) => stageOf(change, depthOf));
  return [...stages].toSorted(([one], [other]) => one - other).map(([, staged]) => ({ changes: staged }));
}

/**
 * Whether `later` must not be tried once `failed` has failed: nothing in a room that is not there, no tighter ACL while
 * somebody it shuts in is still in the room, nobody into a room whose protection does not stand.
 */
export function blocks(failed: Change, later: Change): boolean {
  if (failed.address !== later.address) return false;
  if (failed.kind === 'CreateRoom') return true;
  if (isRemoval(failed)) return later.kind === 'SetServerAcl';
  if (isProtectiveState(failed)) return isArrival(later);
  if (failed.kind === 'Unban') return isArrival(later) && failed.userId === later.userId;
  return failed.kind === 'Invite' && later.kind === 'Join' && failed.userId === later.userId;
}

function isArrival(change: Change): change is Invite | Join {
  return change.kind === 'Invite' || change.kind === 'Join';
}

const roomsStage = 1_000;

function stageOf(change: Change, depthOf: DepthOf): number {
  if (change.kind === 'RegisterAccount') return 0;
  if (isRemoval(change) || isProtectiveState(change)) return roomsStage + 1;
  // A space may show thousands of rooms: these links have a stage of their own, because they need not wait for each other.
  if (change.kind === 'LinkSpaceChild') return roomsStage + 2;
  if (change.kind !== 'CreateRoom') return roomsStage + 3;
  return isSpace(change.after) ? 1 + depthOf(change.address) : roomsStage;
}

const steps: Partial<Record<Change['kind'], number>> = {
  Kick: 0,
  Ban: 0,
  SetServerAcl: 1,
  SetPowerLevels: 2,
  SetRoster: 3,
  LinkSpaceParent: 4,
  Unban: 6,
  Invite: 7,
  Join: 8,
  UnlinkSpaceParent: 9,
  UnlinkSpaceChild: 10,
};
const otherStateStep = 3;

function stepOf(change: Change): number {
  return steps[change.kind] ?? (isSetState(change) ? otherStateStep : 0);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
