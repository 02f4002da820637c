/**
 * Whose account was closed: the own homeserver says so when it is asked, another one when it refuses an invitation for
 * that reason.
 */
import type { UserId } from '#contract/ids.ts';
import { HomeserverError, type ClosedAccountReader } from '#appservice/matrix/ports.ts';

export interface ClosedAccounts {
  /** Asks the homeserver. Throws HomeserverError if it does not answer. */
  read(): Promise<ReadonlySet<UserId>>;
  /** What was known when it was asked last. */
  known(): ReadonlySet<UserId>;
  /** What another homeserver said when this person was to be invited. Answers whether it was that the account is closed. */
  noteRefusal(person: UserId, error: unknown): boolean;
}

/** Nobody tells when an account is opened elsewhere; so the other homeserver is asked again after this. */
export const rememberedMs = 60 * 60 * 1000;

export function createClosedAccounts(homeserver: ClosedAccountReader, now: () => number): ClosedAccounts {
  const elsewhere = new Map<UserId, number>();
  let known: ReadonlySet<UserId> = new Set();
  return {
    async read() {
      const own = await homeserver.closedAccounts();
      const remembered = [...elsewhere].filter(([, notedAt]) => now() < notedAt + rememberedMs);
      known = new Set([...own, ...remembered.map(([person]) => person)]);
      return known;
    },
    known: () => known,
    noteRefusal(person, error) {
      const isClosed = error instanceof HomeserverError && error.errcode === 'M_USER_DEACTIVATED';
      if (isClosed) elsewhere.set(person, now());
      return isClosed;
    },
  };
}
