/**
 * What has drifted in single rooms, found from those rooms alone: of the others only their ids have to be known, so it
 * is quick however large the organisation is.
 */
import type { UserId } from '#contract/ids.ts';
import type { Change } from './change.ts';
import type { DesiredRoom } from './desired-room.ts';
import { computeLinkChanges, type LinkContext } from './link-changes.ts';
import { computeMemberChanges, type MemberContext } from './member-changes.ts';
import type { ObservedRoom } from './observed-state.ts';
import { isCosmetic, isProtectiveState } from './protection.ts';
import { computeRosterChanges } from './roster-changes.ts';
import { computeStateChanges } from './state-changes.ts';

export interface RepairContext extends LinkContext, MemberContext {
  /**
   * Whether the revision in force was carried out to its end. Before that, who is in a room is the run's matter: its
   * gates may have forbidden the removals. Somebody who is not declared at all goes in any case.
   */
  readonly isSettled: boolean;
}

export interface RoomDrift {
  /** What weakens the room's protection and is put right at once. */
  readonly repairs: readonly Change[];
  /** What weakens nothing and is reported. */
  readonly reports: readonly Change[];
}

export function computeRoomDrift(desired: DesiredRoom, observed: ObservedRoom, context: RepairContext): RoomDrift {
  const state = computeStateChanges(desired, observed);
  const links = computeLinkChanges(desired, observed, context);
  const members = computeMemberChanges(desired, observed, context);
  const rosters = computeRosterChanges(desired, observed, context);
  return {
    repairs: [
      ...state.filter(isProtectiveState),
      ...(context.isSettled ? [...rosters, ...links.filter((link) => !isCosmetic(link))] : []),
      ...members.filter((change) => context.isSettled || isStranger(change, context.everybody)),
    ],
    reports: context.isSettled ? [...state, ...links].filter(isCosmetic) : [],
  };
}

function isStranger(change: Change, everybody: ReadonlySet<UserId>): boolean {
  return change.kind === 'Kick' && !everybody.has(change.userId);
}
