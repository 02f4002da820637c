import type { UserId } from '#contract/ids.ts';
import type { SetRoster } from './change.ts';
import { isSpace, type DesiredRoom } from './desired-room.ts';
import { belongingTo, type MemberContext } from './member-changes.ts';
import type { ObservedRoom } from './observed-state.ts';

type RosterContext = Pick<MemberContext, 'everybody' | 'removals'>;

/**
 * Empty if the room's clients have been told who belongs to it: nobody else gets its keys, and the bot reads nothing.
 * Spaces hold no messages, and so have no roster. `observed` is undefined for a room that is about to be created.
 */
export function computeRosterChanges(
  room: DesiredRoom,
  observed: ObservedRoom | undefined,
  context: RosterContext,
): SetRoster[] {
  if (isSpace(room) || observed === undefined) return [];
  return signed(observed, belongingTo(room, context));
}

/** A room that is no longer declared stays its people's: whom its last roster names, without those who have left the administration. */
export function computeRosterOfUndeclared(observed: ObservedRoom, { everybody }: RosterContext): SetRoster[] {
  if (observed.roster === null) return [];
  return signed(
    observed,
    observed.roster.members.filter((member) => everybody.has(member)),
  );
}

function signed({ address, roster }: ObservedRoom, after: readonly UserId[]): SetRoster[] {
  if (roster !== null && !roster.isDue && areSame(roster.members, after)) return [];
  return [
    {
      kind: 'SetRoster',
      address,
      before: roster?.members.length ?? null,
      after,
      reason: reasonOf(roster),
      risk: 'low',
    },
  ];
}

function reasonOf(roster: ObservedRoom['roster']): string {
  if (roster === null) return 'nobody has signed who belongs to this room';
  return roster.isDue ? 'who belongs to this room was signed a while ago' : 'who belongs to this room has changed';
}

function areSame(one: readonly UserId[], other: readonly UserId[]): boolean {
  return one.length === other.length && one.every((member, index) => member === other[index]);
}
