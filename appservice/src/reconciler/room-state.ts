/**
 * The state that a room should have, event by event. Used twice: all at once when a room is created, and to compare
 * with what a room has.
 */
import type { RoomId, ServerName } from '#contract/ids.ts';
import type { StateContent } from '#appservice/matrix/ports.ts';
import { isSpace, type DesiredRoom } from './desired-room.ts';
import { computePowerLevels } from './power-levels.ts';

/** Content of `m.room.server_acl` (client-server API, "Server Access Control Lists (ACLs) for rooms"). */
export interface ServerAcl {
  readonly allow: readonly ServerName[];
  readonly deny: readonly never[];
  readonly allow_ip_literals: false;
}

/** An allow list and no deny list: what is not listed is denied, also a server that nobody has heard of yet. */
export function computeServerAcl({ servers }: Pick<DesiredRoom, 'servers'>): ServerAcl {
  return { allow: servers, deny: [], allow_ip_literals: false };
}

/** Everything but the links to spaces, which need room ids. */
export function computeRoomState(room: DesiredRoom): StateContent[] {
  return [
    state('m.room.power_levels', { ...computePowerLevels(room) }),
    state('m.room.server_acl', { ...computeServerAcl(room) }),
    state('m.room.join_rules', { join_rule: 'invite' }),
    state('m.room.history_visibility', { history_visibility: room.rules?.historyVisibility ?? 'joined' }),
    state('m.room.guest_access', { guest_access: 'forbidden' }),
    ...(isSpace(room) ? [] : [state('m.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' })]),
    ...(room.name === null ? [] : [state('m.room.name', { name: room.name })]),
    ...(room.topic === null ? [] : [state('m.room.topic', { topic: room.topic })]),
    ...retentionOf(room),
  ];
}

/** The link from a space to a room in it. `via`: a server through which the room can be joined. */
export function computeSpaceChild(child: RoomId, via: ServerName): StateContent {
  return { type: 'm.space.child', state_key: child, content: { via: [via] } };
}

/** The link from a room to the space it belongs to. */
export function computeSpaceParent(parent: RoomId, via: ServerName): StateContent {
  return { type: 'm.space.parent', state_key: parent, content: { canonical: true, via: [via] } };
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** `m.room.retention` (MSC1763). */
function retentionOf({ rules }: DesiredRoom): StateContent[] {
  const days = rules?.retentionDays ?? null;
  return days === null ? [] : [state('m.room.retention', { max_lifetime: days * millisecondsPerDay })];
}

function state(type: string, content: Readonly<Record<string, unknown>>): StateContent {
  return { type, state_key: '', content };
}
