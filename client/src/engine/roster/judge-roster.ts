/** What follows from a roster. Pure. */
import { rosterAgeMsMax, type Roster } from '#contract/roster.ts';
import type { RosterProblem } from '../protocol.ts';

/** Whom the roster does not know is warned of after this; keys they get at no time. */
export const graceMs = 30_000;
/** A roster from further ahead than clocks differ is none: it would never be succeeded. */
const clockDifferenceMsMax = 60 * 60 * 1000;

/** Of two rosters of a room the true one: an older one that comes again takes nothing back. */
export function newerRoster(known: Roster | null, found: Roster | null, now: number): Roster | null {
  if (found === null || found.issuedAt > now + clockDifferenceMsMax) return known;
  return known !== null && known.issuedAt >= found.issuedAt ? known : found;
}

export function problemOf(roster: Roster | null, now: number): RosterProblem | null {
  if (roster === null) return 'missing';
  return roster.issuedAt < now - rosterAgeMsMax ? 'outdated' : null;
}

/** Members whom the roster does not know. The bot of a homeserver is in its rooms, but gets no keys. */
export function unknownMembers(roster: Roster, memberIds: readonly string[]): readonly string[] {
  const known = new Set<string>(roster.members);
  return memberIds.filter((userId) => !known.has(userId) && !userId.startsWith('@landbote:'));
}

/** Those who get the room's keys. */
export function keyReceivers<Receiver extends { readonly userId: string }>(
  roster: Roster,
  members: readonly Receiver[],
): readonly Receiver[] {
  const known = new Set<string>(roster.members);
  return members.filter(({ userId }) => known.has(userId));
}
