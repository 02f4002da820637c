/**
 * From what should be and what is to what must be done. Pure: the same input gives the same plan, to the byte, which
 * is what makes approving a digest meaningful.
 */
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import type { UserId } from '#contract/ids.ts';
import { isInvitationElsewhere, type Change, type CreateRoom, type RegisterAccount } from './change.ts';
import type { DesiredRoom } from './desired-room.ts';
import type { DesiredAccount, DesiredState } from './desired-state.ts';
import { checkGates, usualLimits, type GateLimits, type GateRefusal } from './gates.ts';
import { computeLinkChanges } from './link-changes.ts';
import { computeLeaversOfUndeclared, computeMemberChanges, type MemberContext } from './member-changes.ts';
import type { ObservedState } from './observed-state.ts';
import { depthsOf, orderChanges, stagesOf, type Stage } from './order.ts';
import { computeRosterChanges, computeRosterOfUndeclared } from './roster-changes.ts';
import { computeStateChanges } from './state-changes.ts';
import { summarise } from './summary.ts';

export interface Plan {
  /** In the order in which they are carried out. */
  readonly changes: readonly Change[];
  readonly stages: readonly Stage[];
  /** Not empty: the plan must not be carried out. */
  readonly refusals: readonly GateRefusal[];
  readonly summary: readonly string[];
  /** Whether nothing is left to do after it. Invitations to other homeservers are answered when those answer. */
  readonly isComplete: boolean;
  /** SHA-256 of the changes' canonical JSON (RFC 8785), in hex. */
  readonly digest: string;
}

/** What leads from `observed` to `desired`. `bot`: who creates the rooms and is never removed; `limits`: of the gates. */
export function computePlan(
  desired: DesiredState,
  observed: ObservedState,
  bot: UserId,
  limits: GateLimits = usualLimits,
): Plan {
  const depthOf = depthsOf(desired.rooms);
  const changes = orderChanges(computeChanges(desired, observed, bot), depthOf);
  return {
    changes,
    stages: stagesOf(changes, depthOf),
    refusals: checkGates(changes, { desired, observed, bot, limits }),
    summary: summarise(changes),
    isComplete: !changes.some((change) => isInvitationElsewhere(change, desired.serverName)),
    digest: digestOf(changes),
  };
}

/** SHA-256, in hex, of canonical JSON. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalize(value), 'utf8').digest('hex');
}

function computeChanges(desired: DesiredState, observed: ObservedState, bot: UserId): Change[] {
  const desiredAddresses = new Set(desired.rooms.map(({ address }) => address));
  const { serverName, everybody, removals } = desired;
  const members: MemberContext = { serverName, everybody, bot, removals };
  const undeclared = [...observed.rooms.values()].filter(({ address }) => !desiredAddresses.has(address));
  return [
    ...desired.accounts.filter(({ userId }) => !observed.accounts.has(userId)).map(registerAccount),
    ...desired.rooms.flatMap((room) => [
      ...computeRoomChanges(room, observed),
      ...computeLinkChanges(room, observed.rooms.get(room.address), {
        serverName,
        desiredAddresses,
        rooms: observed.rooms,
      }),
      ...computeRosterChanges(room, observed.rooms.get(room.address), members),
      ...computeMemberChanges(room, observed.rooms.get(room.address), members),
    ]),
    ...undeclared.flatMap((room) => computeLeaversOfUndeclared(room, members)),
    ...undeclared.flatMap((room) => computeRosterOfUndeclared(room, members)),
  ];
}

function computeRoomChanges(room: DesiredRoom, { rooms }: ObservedState): Change[] {
  const observed = rooms.get(room.address);
  return observed === undefined ? [createRoom(room)] : computeStateChanges(room, observed);
}

function createRoom(after: DesiredRoom): CreateRoom {
  const reason = 'declared, and there is no such room yet';
  return { kind: 'CreateRoom', address: after.address, before: null, after, reason, risk: 'low' };
}

function registerAccount(after: DesiredAccount): RegisterAccount {
  const reason = 'declared, and there is no such account yet';
  return { kind: 'RegisterAccount', address: after.userId, before: null, after, reason, risk: 'low' };
}
