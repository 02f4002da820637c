import { botOf, serverNameOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';

/** What a decision depends on beside the request. Always in memory, so that a decision takes no time. */
export interface WallSnapshot {
  readonly serverName: ServerName;
  /** Id of the own trust domain. */
  readonly domain: string;
  /** All homeservers of the own trust domain, the own one among them. */
  readonly domainServers: ReadonlySet<string>;
  /** Whether this homeserver's appservice made the room. */
  readonly isLedRoom: (roomId: RoomId) => boolean;
  /** Whether it made the room, or an invitation into it passed the wall. */
  readonly isKnownRoom: (roomId: RoomId) => boolean;
  /** Only for joins: whether the person who asks to join is in the room already. */
  readonly isMember: boolean;
  /** Only for invitations: whether an agreement with another trust domain allows exactly this one. */
  readonly isAgreedInvitation: boolean;
  /** Only for joins: whether the agreement that the room belongs to allows this one; null if it belongs to none. */
  readonly isAgreedJoin: boolean | null;
}

/** The provisioning bot of this homeserver. */
export function isOwnBot(user: UserId, { serverName }: WallSnapshot): boolean {
  return user === botOf(serverName);
}

/** A person of this homeserver: anybody but the bot. */
export function isOwnPerson(user: UserId, snapshot: WallSnapshot): boolean {
  return isOfServer(user, snapshot.serverName) && !isOwnBot(user, snapshot);
}

/** The bot of another homeserver of the own trust domain. */
export function isSisterBot(user: UserId, snapshot: WallSnapshot): boolean {
  return isOfDomain(user, snapshot) && !isOfServer(user, snapshot.serverName) && user === botOf(serverNameOf(user));
}

export function isOfDomain(user: UserId, { domainServers }: Pick<WallSnapshot, 'domainServers'>): boolean {
  return domainServers.has(serverPartOf(user));
}

function isOfServer(user: UserId, serverName: ServerName): boolean {
  return serverPartOf(user) === serverName;
}

/** Unparsed on purpose: a server part that is no server name equals none. */
function serverPartOf(user: UserId): string {
  return user.slice(user.indexOf(':') + 1);
}
