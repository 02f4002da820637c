import type { RoomId, UserId } from '#contract/ids.ts';
import type { StateEvent } from '#appservice/matrix/ports.ts';

/** A room of the inventory as the homeserver shows it at one moment. */
export interface ObservedRoom {
  readonly address: string;
  readonly roomId: RoomId;
  /** Sorted by type and state key, so that plans do not depend on the homeserver's order. */
  readonly state: readonly StateEvent[];
  /** Null: none that the appservice has signed. */
  readonly roster: ObservedRoster | null;
}

/** Who belongs to a room, as was signed last. */
interface ObservedRoster {
  /** Sorted. */
  readonly members: readonly UserId[];
  /** It is to be signed anew before clients stop believing it. */
  readonly isDue: boolean;
}

/** What is there: every room that the bot created, also those that are no longer declared. */
export interface ObservedState {
  readonly rooms: ReadonlyMap<string, ObservedRoom>;
  /** People of this homeserver whose account exists. */
  readonly accounts: ReadonlySet<UserId>;
}

/** Content of `m.room.member`'s `membership`; `none` for somebody who never had one. */
export type Membership = 'join' | 'invite' | 'leave' | 'ban' | 'knock' | 'none';

const memberships: ReadonlySet<string> = new Set(['join', 'invite', 'leave', 'ban', 'knock']);

function isMembership(value: unknown): value is Membership {
  return typeof value === 'string' && memberships.has(value);
}

/** Everybody who has or had a membership, by user id. */
export function membershipsOf({ state }: Pick<ObservedRoom, 'state'>): Map<string, Membership> {
  const members = state.filter((event) => event.type === 'm.room.member');
  return new Map(
    members.map(({ state_key: userId, content: { membership } }) => [
      userId,
      isMembership(membership) ? membership : 'none',
    ]),
  );
}

/** The content of one state event; null if there is none. */
export function contentOf(
  { state }: Pick<ObservedRoom, 'state'>,
  type: string,
  stateKey = '',
): Readonly<Record<string, unknown>> | null {
  return state.find((event) => event.type === type && event.state_key === stateKey)?.content ?? null;
}
