/**
 * The declaration, as rooms: a space per body and per unit with units below it, a room per unit, an announcement room
 * per body, and the rooms that bodies declare.
 */
import type { ServerName, UserId } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { buildDirectory } from '../organisation/directory.ts';
import { computeBodyRooms } from './body-rooms.ts';
import type { DesiredRoom } from './desired-room.ts';
import { computeLiaisonRooms, outsideOf, type AgreedOutside } from './agreed-rooms.ts';
import { linkIntoSpaces } from './space-links.ts';

export interface DesiredAccount {
  readonly userId: UserId;
  readonly displayName: string;
}

/** By address: whom moderators have put out of a room. They stay out although the declaration names them. */
export type Removals = ReadonlyMap<string, ReadonlySet<UserId>>;

export interface DesiredState {
  readonly serverName: ServerName;
  /** All homeservers of the trust domain: who is on no other may be in no room. */
  readonly domainServers: readonly ServerName[];
  /** Everybody declared in the trust domain, on whichever of its homeservers. */
  readonly everybody: ReadonlySet<UserId>;
  /** By address: what agreements with other trust domains allow in a room, and in no other. */
  readonly agreed: ReadonlyMap<string, AgreedOutside>;
  /** People of this homeserver. */
  readonly accounts: readonly DesiredAccount[];
  /** Rooms of this homeserver, sorted by address. */
  readonly rooms: readonly DesiredRoom[];
  readonly removals: Removals;
}

/**
 * What should exist on `serverName`, moderators' removals left out: no declaration says them. Rooms of a body live on the
 * body's homeserver, wherever their members do.
 */
export function computeDesiredState(organisation: Organisation, serverName: ServerName): DesiredState {
  const directory = buildDirectory(organisation);
  const bodies = organisation.bodies.filter((body) => body.server === serverName);
  const rooms = bodies.flatMap((body) => computeBodyRooms(body, directory));
  const liaisons = computeLiaisonRooms(organisation, serverName);
  const people = [...directory.peopleByUserId.values()];
  return {
    serverName,
    domainServers: organisation.domain.servers.map(({ name }) => name).toSorted(),
    everybody: new Set(directory.peopleByUserId.keys()),
    accounts: people
      .filter(({ body }) => body.server === serverName)
      .map(({ userId, declaration }) => ({ userId, displayName: declaration.name })),
    agreed: new Map(liaisons.map((room) => [room.address, outsideOf(room)])),
    rooms: [...linkIntoSpaces(rooms, bodies, directory), ...liaisons].toSorted((one, other) =>
      one.address < other.address ? -1 : 1,
    ),
    removals: new Map(),
  };
}
