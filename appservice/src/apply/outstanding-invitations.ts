/**
 * Invitations of other homeservers' people that were planned and not sent yet. Every run says anew what is wanted, so
 * an invitation that was withdrawn meanwhile is not sent.
 */
import type { Invite } from '../reconciler/change.ts';
import type { Inventory } from './inventory.ts';
import type { AppliedAction } from './ledger.ts';

interface Outstanding {
  readonly invite: Invite;
  readonly appliedAction: AppliedAction;
}

export interface OutstandingInvitations {
  /** Puts what a run found in the place of what was wanted before. */
  replace(found: readonly Outstanding[], rooms: Inventory): void;
  /** Adds what a look at single rooms found. */
  add(found: readonly Outstanding[]): void;
  all(): readonly Outstanding[];
  /** What is still wanted of this person at this address; undefined if nothing is. */
  find(invite: Invite): Outstanding | undefined;
  settle(invite: Invite): void;
  /** The rooms that the invitations lead into. */
  rooms(): Inventory;
}

export function createOutstandingInvitations(): OutstandingInvitations {
  let waiting = new Map<string, Outstanding>();
  let rooms: Inventory = new Map();
  return {
    replace(found, inventory) {
      waiting = new Map(found.map((outstanding) => [keyOf(outstanding.invite), outstanding]));
      rooms = inventory;
    },
    add: (found) => found.forEach((outstanding) => waiting.set(keyOf(outstanding.invite), outstanding)),
    all: () => [...waiting.values()],
    find: (invite) => waiting.get(keyOf(invite)),
    settle: (invite) => void waiting.delete(keyOf(invite)),
    rooms: () => rooms,
  };
}

function keyOf({ address, userId }: Invite): string {
  return `${userId} ${address}`;
}
