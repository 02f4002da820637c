/**
 * The wall's policy, a pure function: who may create rooms, invite, join and publish on this homeserver
 * (docs/wall.md, layer 5). The bot makes every room and every membership; people start chats through the API.
 *
 * Synapse does not ask about server admins' requests, nor about joins that another server makes; those meet the
 * other layers. It does ask, with `is_invited: false`, about a join of somebody who is in the room already: a repeated
 * join, or a new display name in the membership. That gives nobody anything they do not have, so it is allowed.
 */
import { roomOriginKey, roomOriginSchema, type RoomOrigin } from '#contract/event-content.ts';
import type { UserId } from '#contract/ids.ts';
import type { FederatedInvite, StrippedState, WallRequest } from './wall-request.ts';
import { isOfDomain, isOwnBot, isOwnPerson, isSisterBot, type WallSnapshot } from './wall-snapshot.ts';

/** Why something was refused; stands in the audit trail and in metrics (docs/runbooks/wall.md). */
export const refusalRules = [
  'request.malformed',
  'create-room.bot-only',
  'invite.bot-only',
  'invite.outside-domain',
  'invite.sister-bot-only',
  'invite.own-people-only',
  'invite.room-is-ours',
  'invite.origin-missing',
  'invite.origin-outside-domain',
  'join.own-people-only',
  'join.not-invited',
  'join.unknown-room',
  'join.not-agreed',
  'publish.nobody',
  'alias.nobody',
  'third-party-invite.nobody',
] as const;
export type RefusalRule = (typeof refusalRules)[number];

export type Decision = { readonly isAllowed: true } | { readonly isAllowed: false; readonly rule: RefusalRule };

const allowed: Decision = { isAllowed: true };

/** Decides one request. Whatever no rule allows is refused. */
export function decide(request: WallRequest, snapshot: WallSnapshot): Decision {
  switch (request.callback) {
    case 'user_may_create_room':
      return isOwnBot(request.user_id, snapshot) ? allowed : refused('create-room.bot-only');
    case 'user_may_invite':
      return decideInvite(request.inviter, request.invitee, snapshot);
    case 'federated_user_may_invite':
      return decideFederatedInvite(request.event, snapshot);
    case 'user_may_join_room':
      return decideJoin(request, snapshot);
    case 'user_may_publish_room':
      return refused('publish.nobody');
    case 'user_may_create_room_alias':
      return refused('alias.nobody');
    case 'user_may_send_3pid_invite':
    default:
      return refused('third-party-invite.nobody');
  }
}

function refused(rule: RefusalRule): Decision {
  return { isAllowed: false, rule };
}

/** Synapse asks this for local invitations, and once more for those from outside that `decideFederatedInvite` allowed. */
function decideInvite(inviter: UserId, invitee: UserId, snapshot: WallSnapshot): Decision {
  if (snapshot.isAgreedInvitation) return allowed;
  if (isSisterBot(inviter, snapshot)) {
    return isOwnPerson(invitee, snapshot) ? allowed : refused('invite.own-people-only');
  }
  if (!isOwnBot(inviter, snapshot)) return refused('invite.bot-only');
  return isOfDomain(invitee, snapshot) ? allowed : refused('invite.outside-domain');
}

function decideFederatedInvite(event: FederatedInvite, snapshot: WallSnapshot): Decision {
  if (snapshot.isAgreedInvitation) return allowed;
  if (!isSisterBot(event.sender, snapshot)) return refused('invite.sister-bot-only');
  if (!isOwnPerson(event.state_key, snapshot)) return refused('invite.own-people-only');
  if (snapshot.isLedRoom(event.room_id)) return refused('invite.room-is-ours');
  return decideOrigin(event, snapshot);
}

function decideOrigin(event: FederatedInvite, snapshot: WallSnapshot): Decision {
  const create = createEventOf(event);
  const origin = roomOriginSchema.safeParse(create?.content[roomOriginKey]);
  if (create === null || !origin.success) return refused('invite.origin-missing');
  const isOurs = origin.data.domain === snapshot.domain && create.sender === event.sender;
  return isOurs ? allowed : refused('invite.origin-outside-domain');
}

/** The room says in its create event which domain made it for what; the inviting bot must be its creator. */
export function originOf(event: FederatedInvite): RoomOrigin | null {
  const create = createEventOf(event);
  if (create?.sender !== event.sender) return null;
  return roomOriginSchema.safeParse(create.content[roomOriginKey]).data ?? null;
}

/** null unless there is exactly one. */
function createEventOf(event: FederatedInvite): StrippedState | null {
  const [create, ...furtherCreates] = event.unsigned.invite_room_state.filter(isCreateEvent);
  return create === undefined || furtherCreates.length > 0 ? null : create;
}

function isCreateEvent(state: StrippedState): boolean {
  return state.type === 'm.room.create' && state.state_key === '';
}

function decideJoin(
  { user, room, is_invited: isInvited }: Extract<WallRequest, { callback: 'user_may_join_room' }>,
  snapshot: WallSnapshot,
): Decision {
  if (snapshot.isAgreedJoin !== null) return snapshot.isAgreedJoin ? allowed : refused('join.not-agreed');
  if (!isOwnPerson(user, snapshot)) return refused('join.own-people-only');
  if (snapshot.isMember) return allowed;
  if (!isInvited) return refused('join.not-invited');
  return snapshot.isKnownRoom(room) ? allowed : refused('join.unknown-room');
}
