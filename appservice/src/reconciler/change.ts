/**
 * What a plan may do: a closed list, so that every place that handles changes handles all of them.
 */
import { serverNameOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import type { StateContent } from '#appservice/matrix/ports.ts';
import type { DesiredAccount } from './desired-state.ts';
import type { DesiredRoom } from './desired-room.ts';
import type { Membership } from './observed-state.ts';

export type Risk = 'low' | 'medium' | 'high';

interface Explained {
  /** What is changed: the address of a room or space; for accounts the user id. */
  readonly address: string;
  readonly reason: string;
  readonly risk: Risk;
}

export interface RegisterAccount extends Explained {
  readonly kind: 'RegisterAccount';
  readonly before: null;
  readonly after: DesiredAccount;
}

/** Creates the room with its whole state, its link to its space, and invitations for people of the own homeserver. */
export interface CreateRoom extends Explained {
  readonly kind: 'CreateRoom';
  readonly before: null;
  readonly after: DesiredRoom;
}

/** The state events that a plan sets, by the name of the change. */
export const stateChangeKinds = {
  'm.room.server_acl': 'SetServerAcl',
  'm.room.power_levels': 'SetPowerLevels',
  'm.room.join_rules': 'SetJoinRules',
  'm.room.history_visibility': 'SetHistoryVisibility',
  'm.room.guest_access': 'SetGuestAccess',
  'm.room.encryption': 'SetEncryption',
  'm.room.retention': 'SetRetention',
  'm.room.name': 'SetName',
  'm.room.topic': 'SetTopic',
} as const;

export type ManagedStateType = keyof typeof stateChangeKinds;

export interface SetState extends Explained {
  readonly kind: (typeof stateChangeKinds)[ManagedStateType];
  readonly before: StateContent['content'] | null;
  readonly after: StateContent['content'];
}

/** `m.space.parent` of the room at `address`; `after` is the address of the space. */
export interface LinkSpaceParent extends Explained {
  readonly kind: 'LinkSpaceParent';
  readonly before: null;
  readonly after: string;
}
export interface UnlinkSpaceParent extends Explained {
  readonly kind: 'UnlinkSpaceParent';
  readonly before: RoomId;
  readonly after: null;
}

/** `m.space.child` of the space at `address`; `after` is the address of the child. */
export interface LinkSpaceChild extends Explained {
  readonly kind: 'LinkSpaceChild';
  readonly before: null;
  readonly after: string;
}
export interface UnlinkSpaceChild extends Explained {
  readonly kind: 'UnlinkSpaceChild';
  readonly before: RoomId;
  readonly after: null;
}

/** Signs and publishes who belongs to the room. `before`: how many did. */
export interface SetRoster extends Explained {
  readonly kind: 'SetRoster';
  readonly before: number | null;
  readonly after: readonly UserId[];
}

export interface Invite extends Explained {
  readonly kind: 'Invite';
  readonly userId: UserId;
  readonly before: Membership;
  readonly after: 'invite';
}
/** Joins a person of the own homeserver who was invited. */
export interface Join extends Explained {
  readonly kind: 'Join';
  readonly userId: UserId;
  readonly before: 'invite';
  readonly after: 'join';
}
export interface Kick extends Explained {
  readonly kind: 'Kick';
  readonly userId: UserId;
  readonly before: Membership;
  readonly after: 'leave';
}

/** Keeps out whom a moderator removed. */
export interface Ban extends Explained {
  readonly kind: 'Ban';
  readonly userId: UserId;
  readonly before: Membership;
  readonly after: 'ban';
}
/** Takes back a ban that no moderator decided. */
export interface Unban extends Explained {
  readonly kind: 'Unban';
  readonly userId: UserId;
  readonly before: 'ban';
  readonly after: 'leave';
}

export type Change =
  | RegisterAccount
  | CreateRoom
  | SetState
  | LinkSpaceParent
  | UnlinkSpaceParent
  | LinkSpaceChild
  | UnlinkSpaceChild
  | SetRoster
  | Invite
  | Join
  | Kick
  | Ban
  | Unban;

/** What another homeserver must sign, and so answer, before it stands (server-server API, "Inviting to a room"). */
export function isInvitationElsewhere(change: Change, own: ServerName): change is Invite {
  return change.kind === 'Invite' && serverNameOf(change.userId) !== own;
}

/** Whether the change takes somebody out of a room, or keeps them out. */
export function isRemoval(change: Change): change is Ban | Kick {
  return change.kind === 'Kick' || change.kind === 'Ban';
}

/** The state event that a SetState change writes. */
export function stateTypeOf(kind: SetState['kind']): ManagedStateType {
  return stateTypes[kind];
}

const stateTypes: Readonly<Record<SetState['kind'], ManagedStateType>> = {
  SetServerAcl: 'm.room.server_acl',
  SetPowerLevels: 'm.room.power_levels',
  SetJoinRules: 'm.room.join_rules',
  SetHistoryVisibility: 'm.room.history_visibility',
  SetGuestAccess: 'm.room.guest_access',
  SetEncryption: 'm.room.encryption',
  SetRetention: 'm.room.retention',
  SetName: 'm.room.name',
  SetTopic: 'm.room.topic',
};

export function isSetState(change: Change): change is SetState {
  return change.kind in stateTypes;
}
