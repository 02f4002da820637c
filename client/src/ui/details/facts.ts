import type { Domain, PersonSummary } from '#contract/api.ts';
import type { Member, RoomSnapshot } from '../../engine/protocol.ts';
import type { Messages } from '../../i18n/german.ts';

const daysPerYear = 365;

export function retentionText(t: Messages, days: number | null): string {
  if (days === null) return t.details.retentionNone;
  return days % daysPerYear === 0 ? t.details.retentionYears(days / daysPerYear) : t.details.retentionDays(days);
}

const dayMs = 86_400_000;

/** How long messages are kept, as the room itself says; null if it says nothing. */
export function retentionDaysOf(room: RoomSnapshot): number | null {
  return room.retentionMs === null ? null : Math.ceil(room.retentionMs / dayMs);
}

export function historyText(t: Messages, visibility: string): string {
  switch (visibility) {
    case 'invited':
      return t.details.historyInvited;
    case 'shared':
      return t.details.historyShared;
    case 'world_readable':
      return t.details.historyWorld;
    default:
      return t.details.historyJoined;
  }
}

/** Who operates the servers that the room admits, in words; a server that nobody declared by its name. */
export function admittedServers(domain: Domain | null, servers: readonly string[]): readonly string[] {
  return servers.map((name) => domain?.servers.find((server) => server.name === name)?.operator ?? name);
}

/** Where a room's data lie, in words: on the servers of its members. */
export function locationsOf(domain: Domain, members: readonly Member[]): readonly string[] {
  const present = new Set(members.map((member) => member.userId.slice(member.userId.indexOf(':') + 1)));
  return domain.servers.filter((server) => present.has(server.name)).map((server) => server.location);
}

export interface MemberGroup {
  /** Null for people whom the directory does not know. */
  readonly bodyId: string | null;
  readonly members: readonly {
    readonly userId: string;
    readonly name: string;
    readonly person: PersonSummary | null;
    readonly trust: Member['trust'];
    readonly isInvited: boolean;
    readonly isStranger: boolean;
  }[];
}

/** Members by body, the largest body first; within it by name. */
export function membersByBody(
  members: readonly Member[],
  find: (userId: string) => PersonSummary | null,
): readonly MemberGroup[] {
  const known = members.map(({ userId, name, trust, membership, isStranger }) => {
    const person = find(userId);
    return { userId, name: person?.name ?? name, person, trust, isStranger, isInvited: membership === 'invite' };
  });
  const groups = Map.groupBy(known, (member) => member.person?.body ?? null);
  return [...groups]
    .map(([bodyId, group]) => ({ bodyId, members: group.toSorted((a, b) => a.name.localeCompare(b.name, 'de')) }))
    .toSorted((a, b) => b.members.length - a.members.length);
}
