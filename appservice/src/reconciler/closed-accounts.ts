/** People who are declared and whose account was closed belong into no room until it is opened again; that is reported. */
import type { UserId } from '#contract/ids.ts';
import type { DesiredRoom } from './desired-room.ts';
import type { DesiredState } from './desired-state.ts';

/** Differs from the declaration, and no change can put it right. */
export interface ClosedAccount {
  readonly kind: 'ClosedAccount';
  readonly address: UserId;
  readonly before: 'closed';
  readonly after: 'open';
}

export function withoutClosed(desired: DesiredState, closed: ReadonlySet<UserId>): DesiredState {
  if (closed.size === 0) return desired;
  return {
    ...desired,
    everybody: peopleWithout(desired.everybody, closed),
    accounts: desired.accounts.filter(({ userId }) => !closed.has(userId)),
    rooms: desired.rooms.map((room) => roomWithout(room, closed)),
  };
}

export function peopleWithout(people: ReadonlySet<UserId>, closed: ReadonlySet<UserId>): ReadonlySet<UserId> {
  return closed.size === 0 ? people : new Set([...people].filter((person) => !closed.has(person)));
}

export function roomWithout(room: DesiredRoom, closed: ReadonlySet<UserId>): DesiredRoom {
  return { ...room, members: room.members.filter((member) => !closed.has(member)) };
}

/** `everybody`: who is declared, their account closed or not. */
export function findClosedAccounts(everybody: ReadonlySet<UserId>, closed: ReadonlySet<UserId>): ClosedAccount[] {
  return [...closed]
    .filter((person) => everybody.has(person))
    .toSorted()
    .map((address) => ({ kind: 'ClosedAccount', address, before: 'closed', after: 'open' }));
}
