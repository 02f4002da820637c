import type { Domain, PersonSummary } from '#contract/api.ts';
import type { Member, RoomSnapshot } from '../../engine/protocol.ts';
import type { Messages } from '../../i18n/german.ts';
import type { People } from '../../model/people.svelte.ts';
import { serverOf, type Reach } from '../../model/reach.ts';

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
  const known = [
    ...(domain?.servers.map(({ name, operator }) => ({ server: name, words: operator })) ?? []),
    ...(domain?.partners.map(({ server, name }) => ({ server, words: name })) ?? []),
  ];
  return servers.map((name) => known.find(({ server }) => server === name)?.words ?? name);
}

/** Where a room's data lie, in words: on the servers of its members, and with those outside who read along. */
export function locationsOf(t: Messages, domain: Domain, members: readonly Member[], reach: Reach): readonly string[] {
  const present = new Set(members.map((member) => serverOf(member.userId)));
  const own = domain.servers.filter((server) => present.has(server.name)).map((server) => server.location);
  return [...own, ...reach.outside.map(({ name }) => t.details.atPartner(name))];
}

export interface MemberGroup {
  /** Null for people of other trust domains, and for those whom the directory does not know. */
  readonly bodyId: string | null;
  /** The other trust domain; null for the own people. */
  readonly outsideName: string | null;
  readonly members: readonly {
    readonly userId: string;
    readonly name: string;
    readonly person: PersonSummary | null;
    readonly trust: Member['trust'];
    readonly isInvited: boolean;
    readonly isStranger: boolean;
  }[];
}

/** Members by trust domain and body: those of others first, then the largest body; within it by name. */
export function groupsOf(
  members: readonly Member[],
  people: Pick<People, 'find' | 'outsideNameOf'>,
): readonly MemberGroup[] {
  const known = members.map(({ userId, name, trust, membership, isStranger }) => {
    const person = people.find(userId);
    return { userId, name: person?.name ?? name, person, trust, isStranger, isInvited: membership === 'invite' };
  });
  const domains = Map.groupBy(known, ({ userId }) => people.outsideNameOf(userId));
  const bodies = Map.groupBy(domains.get(null) ?? [], ({ person }) => person?.body ?? null);
  const outside = [...domains].filter(([outsideName]) => outsideName !== null);
  return [
    ...outside.map(([outsideName, group]) => ({ bodyId: null, outsideName, members: byName(group) })),
    ...[...bodies]
      .map(([bodyId, group]) => ({ bodyId, outsideName: null, members: byName(group) }))
      .toSorted((a, b) => b.members.length - a.members.length),
  ];
}

function byName<Named extends { readonly name: string }>(group: readonly Named[]): readonly Named[] {
  return group.toSorted((a, b) => a.name.localeCompare(b.name, 'de'));
}
