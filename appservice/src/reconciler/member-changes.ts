import { serverNameOf, userIdSchema, type ServerName, type UserId } from '#contract/ids.ts';
import type { Ban, Invite, Join, Kick, Unban } from './change.ts';
import type { DesiredRoom } from './desired-room.ts';
import type { Removals } from './desired-state.ts';
import { membershipsOf, type Membership, type ObservedRoom } from './observed-state.ts';

export interface MemberContext {
  readonly serverName: ServerName;
  readonly bot: UserId;
  /** Everybody declared in the trust domain. */
  readonly everybody: ReadonlySet<UserId>;
  readonly removals: Removals;
}

const nobody: ReadonlySet<UserId> = new Set();

/** Who belongs to a room: people of the own domain, then those of an agreement's other side. */
export function belongingTo(
  room: DesiredRoom,
  { everybody, removals }: Pick<MemberContext, 'everybody' | 'removals'>,
): readonly UserId[] {
  const removed = removals.get(room.address) ?? nobody;
  const belonging = [...room.members.filter((member) => everybody.has(member)), ...room.outsiders];
  return belonging.filter((member) => !removed.has(member));
}

/** Who must come, and who must go. `observed` is undefined for a room that is about to be created. */
export function computeMemberChanges(
  room: DesiredRoom,
  observed: ObservedRoom | undefined,
  context: MemberContext,
): (Ban | Invite | Join | Kick | Unban)[] {
  const memberships = observed === undefined ? new Map<string, Membership>() : membershipsOf(observed);
  const removed = context.removals.get(room.address) ?? nobody;
  const wanted = belongingTo(room, context);
  const stays = new Set<string>([...wanted, ...removed]);
  return [
    ...leavers(room.address, memberships, stays, context),
    ...keptOut(room.address, memberships, removed),
    ...wanted.flatMap((member) => arrival(room, member, memberships.get(member) ?? 'none', observed, context)),
  ];
}

/**
 * People of a room that is no longer declared: who is not declared any more has left the administration and goes;
 * everybody else stays, because absent means unmanaged.
 */
export function computeLeaversOfUndeclared(observed: ObservedRoom, context: MemberContext): Kick[] {
  return leavers(observed.address, membershipsOf(observed), context.everybody, context);
}

/** Whoever was let in again without a moderator's word is put out again. */
function keptOut(address: string, memberships: ReadonlyMap<string, Membership>, removed: ReadonlySet<UserId>): Ban[] {
  const reason = 'was removed by a moderator';
  return [...removed].flatMap((userId) => {
    const before = memberships.get(userId) ?? 'none';
    return before === 'ban' ? [] : [{ kind: 'Ban', address, userId, before, after: 'ban', reason, risk: 'medium' }];
  });
}

function leavers(
  address: string,
  memberships: ReadonlyMap<string, Membership>,
  isWanted: ReadonlySet<string>,
  { bot, everybody }: MemberContext,
): Kick[] {
  return [...memberships]
    .filter(([member, membership]) => ['join', 'invite', 'knock'].includes(membership) && !isWanted.has(member))
    .filter(([member]) => member !== bot)
    .flatMap(([member, before]) => {
      const userId = userIdSchema.safeParse(member).data;
      if (userId === undefined) return [];
      const reason = everybody.has(userId) ? 'no longer belongs to this room' : 'is not declared in this trust domain';
      return [{ kind: 'Kick', address, userId, before, after: 'leave', reason, risk: 'medium' }];
    });
}

function arrival(
  room: DesiredRoom,
  userId: UserId,
  before: Membership,
  observed: ObservedRoom | undefined,
  { serverName }: MemberContext,
): (Invite | Join | Unban)[] {
  const { address } = room;
  const isOwn = serverNameOf(userId) === serverName;
  const reason = 'belongs to this room';
  const invite: Invite = { kind: 'Invite', address, userId, before, after: 'invite', reason, risk: 'low' };
  const join: Join = { kind: 'Join', address, userId, before: 'invite', after: 'join', reason, risk: 'low' };
  if (before === 'join') return [];
  if (before === 'leave' && room.membership === 'free') return [];
  const isInvited = before === 'invite' || (observed === undefined && isOwn);
  return [...unbanned(address, userId, before), ...(isInvited ? [] : [invite]), ...(isOwn ? [join] : [])];
}

/** Nobody in a room may ban, and moderators' bans are known: this one somebody made with the server's rights. */
function unbanned(address: string, userId: UserId, before: Membership): Unban[] {
  if (before !== 'ban') return [];
  return [
    { kind: 'Unban', address, userId, before, after: 'leave', reason: 'no moderator banned them', risk: 'medium' },
  ];
}
