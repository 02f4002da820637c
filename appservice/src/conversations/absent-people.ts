import { z } from 'zod';
import type { UserId } from '#contract/ids.ts';
import type { StateEvent } from '#appservice/matrix/ports.ts';

/** Somebody who is to be brought into a room. */
export interface AbsentPerson {
  readonly userId: UserId;
  readonly isInvited: boolean;
}

const membershipSchema = z.object({ membership: z.string() });

/** Who of `members` is not in the room, going by its state. */
export function absentPeople(members: readonly UserId[], state: readonly StateEvent[]): AbsentPerson[] {
  const memberships = new Map(
    state
      .filter((event) => event.type === 'm.room.member')
      .map((event) => [event.state_key, membershipSchema.safeParse(event.content).data?.membership]),
  );
  return members
    .filter((userId) => memberships.get(userId) !== 'join')
    .map((userId) => ({ userId, isInvited: memberships.get(userId) === 'invite' }));
}
