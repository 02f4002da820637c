/**
 * What a plan may never do, whoever approved it. A refused plan is not carried out in parts.
 */
import { serverNameOf, type UserId } from '#contract/ids.ts';
import { isRemoval, type Change } from './change.ts';
import type { DesiredRoom } from './desired-room.ts';
import type { DesiredState } from './desired-state.ts';
import { contentOf, membershipsOf, type ObservedState } from './observed-state.ts';
import { computeServerAcl } from './room-state.ts';

export interface GateRefusal {
  readonly gate:
    | 'own-server'
    | 'acl-size'
    | 'foreign-server'
    | 'unfederated-room'
    | 'bot-power'
    | 'bot-removal'
    | 'mass-removal'
    | 'foreign-person'
    | 'renamed-twice';
  readonly message: string;
}

export interface GateLimits {
  /** Larger lists slow down every server in the room at every event (CVE-2023-45129). */
  readonly aclEntriesMax: number;
  /** A directory that delivers half of its people must not empty the rooms: of all memberships at most this share. */
  readonly removalShareMax: number;
  /** Up to this number a share says nothing: a person who moves leaves a handful of rooms. */
  readonly removalsWithoutGate: number;
}

export const usualLimits: GateLimits = { aclEntriesMax: 50, removalShareMax: 0.25, removalsWithoutGate: 10 };

export interface GateInput {
  readonly limits: GateLimits;
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly bot: UserId;
}

/** Everything that forbids these changes, all at once. */
export function checkGates(changes: readonly Change[], { desired, observed, bot, limits }: GateInput): GateRefusal[] {
  return [
    ...desired.rooms.flatMap((room) => checkServers(room, desired, limits)),
    ...desired.rooms.flatMap((room) => checkFederation(room, observed)),
    ...desired.rooms.flatMap((room) => checkPower(room, bot)),
    ...changes.flatMap((change) => checkPerson(change, desired, bot)),
    ...checkRemovals(changes, { desired, observed, bot, limits }),
  ];
}

function checkServers(
  room: DesiredRoom,
  { serverName, domainServers, agreed }: DesiredState,
  { aclEntriesMax }: GateLimits,
): GateRefusal[] {
  const { allow } = computeServerAcl(room);
  const mayShare = agreed.get(room.address)?.servers;
  const foreign = allow.filter((server) => !domainServers.includes(server) && mayShare?.has(server) !== true);
  return [
    ...refuseIf(!allow.includes(serverName), 'own-server', `${room.address} would deny its own homeserver.`),
    ...refuseIf(allow.length > aclEntriesMax, 'acl-size', `${room.address} would allow ${allow.length} servers.`),
    ...refuseIf(foreign.length > 0, 'foreign-server', `${room.address} would allow ${foreign.join(', ')}.`),
  ];
}

/** A room made for one homeserver stays so for good (`m.federate`): nobody of another one could ever come in. */
function checkFederation({ address, servers }: DesiredRoom, { rooms }: ObservedState): GateRefusal[] {
  const room = rooms.get(address);
  const isLocal = room !== undefined && contentOf(room, 'm.room.create')?.['m.federate'] === false;
  const message = `${address} was made for its own homeserver alone, and cannot take in ${servers.join(', ')}. Declare another room.`;
  return refuseIf(isLocal && servers.length > 1, 'unfederated-room', message);
}

/** Room version 12 refuses creators in `users`; written there all the same, the whole event would be rejected. */
function checkPower(room: DesiredRoom, bot: UserId): GateRefusal[] {
  return refuseIf(room.posters.includes(bot), 'bot-power', `${room.address} would put a number on the bot's power.`);
}

function checkPerson(change: Change, { domainServers, agreed }: DesiredState, bot: UserId): GateRefusal[] {
  if (isRemoval(change)) {
    return refuseIf(change.userId === bot, 'bot-removal', `${change.address} would lose its bot.`);
  }
  if (change.kind !== 'Invite') return [];
  const isAgreed = agreed.get(change.address)?.people.has(change.userId) === true;
  const isForeign = !domainServers.includes(serverNameOf(change.userId)) && !isAgreed;
  return refuseIf(isForeign, 'foreign-person', `${change.userId} of another domain would come into ${change.address}.`);
}

/** The end of an agreement empties its room, and must never be held up. */
function checkRemovals(
  changes: readonly Change[],
  { desired, observed: { rooms }, bot, limits: { removalShareMax, removalsWithoutGate } }: GateInput,
): GateRefusal[] {
  const removals = changes.filter((change) => isRemoval(change) && !desired.agreed.has(change.address)).length;
  if (removals <= removalsWithoutGate) return [];
  const present = [...rooms.values()].flatMap((room) =>
    [...membershipsOf(room)].filter(
      ([member, membership]) => member !== bot && (membership === 'join' || membership === 'invite'),
    ),
  ).length;
  const message = `${removals} of ${present} memberships would be removed; at most ${removalShareMax * 100} % may be.`;
  return refuseIf(removals > present * removalShareMax, 'mass-removal', message);
}

function refuseIf(isRefused: boolean, gate: GateRefusal['gate'], message: string): GateRefusal[] {
  return isRefused ? [{ gate, message }] : [];
}
