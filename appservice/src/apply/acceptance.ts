/**
 * Whose invitations by other homeservers of the domain have to be looked for.
 *
 * Nothing is pushed when somebody is invited from elsewhere, and asking costs a request a person. So everybody is asked
 * once after the start; from then on, at each sweep, only people whom the declaration puts into a room of another
 * homeserver and who were not seen to arrive there. Whoever else is invited (to a direct chat, or anew after having
 * been removed) is known from the homeserver's own question whether the invitation is allowed; without an answer to
 * that there is no invitation, so while this process runs none is missed, and what came before is found at the start.
 */
import type { UserId } from '#contract/ids.ts';

export type WhoseInvitations = 'everybody' | { readonly isExpectedToo: boolean; readonly people: ReadonlySet<UserId> };

/** Joins people into rooms that they were invited to. Answers for whom it failed. */
export type AcceptInvitations = (whose: WhoseInvitations) => Promise<ReadonlySet<UserId>>;

export interface Acceptance {
  /** This person was invited just now. */
  addHinted(person: UserId): void;
  /** A sweep is due; the first one asks for everybody. */
  addExpected(): void;
  /** Answers whether it worked for everybody; for whom it did not stays due. */
  accept(): Promise<boolean>;
}

export function acceptanceOf(acceptInvitations: AcceptInvitations): Acceptance {
  let isEverybodyAsked = false;
  let isExpectedToo = false;
  let people = new Set<UserId>();

  return {
    addHinted: (person) => void people.add(person),
    addExpected() {
      isExpectedToo = true;
    },
    async accept() {
      const asked = people;
      people = new Set();
      try {
        const failed = await acceptInvitations(isEverybodyAsked ? { isExpectedToo, people: asked } : 'everybody');
        isEverybodyAsked = true;
        isExpectedToo = false;
        people = new Set([...people, ...failed]);
        return failed.size === 0;
      } catch (error) {
        people = new Set([...people, ...asked]);
        throw error;
      }
    },
  };
}
