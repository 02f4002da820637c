/**
 * Rooms without the protection that the appservice's rooms are born with. They can be made only where the policy
 * is off, and show what the other layers do by themselves.
 */
import { z } from 'zod';
import { roomIdSchema, type RoomId } from '#contract/ids.ts';
import { accepted } from '#test/harness/matrix/rooms.ts';
import type { MatrixSession } from '#test/harness/matrix/session.ts';

const createdSchema = z.object({ room_id: roomIdSchema });

/** Everybody may join; there is no server ACL unless one is given. */
export function createOpenRoom(creator: MatrixSession, allow?: readonly string[]): Promise<RoomId> {
  return createRoom(creator, {
    preset: 'public_chat',
    name: 'Offener Raum',
    initial_state: allow === undefined ? [] : [{ type: 'm.room.server_acl', state_key: '', content: serverAcl(allow) }],
  });
}

/** Everybody may join and there is no server ACL, but the room is born for its own server alone. */
export function createUnfederatedRoom(creator: MatrixSession): Promise<RoomId> {
  return createRoom(creator, {
    preset: 'public_chat',
    name: 'Raum eines Servers',
    creation_content: { 'm.federate': false },
  });
}

/**
 * Without a server ACL and with Matrix' usual powers, but found and entered by invited people only.
 * @param guest is invited
 */
export function createHiddenRoom(
  creator: MatrixSession,
  guest: string,
  historyVisibility: 'joined' | 'shared',
): Promise<RoomId> {
  const state = (type: string, content: object) => ({ type, state_key: '', content });
  return createRoom(creator, {
    preset: 'private_chat',
    name: 'Verborgener Raum',
    invite: [guest],
    initial_state: [
      state('m.room.join_rules', { join_rule: 'invite' }),
      state('m.room.guest_access', { guest_access: 'forbidden' }),
      state('m.room.history_visibility', { history_visibility: historyVisibility }),
    ],
  });
}

export function serverAcl(allow: readonly string[]): {
  allow: readonly string[];
  deny: string[];
  allow_ip_literals: boolean;
} {
  return { allow, deny: [], allow_ip_literals: false };
}

/**
 * Invited people only, with a server ACL, but with Matrix' usual powers: everybody invites, and the trusted redact
 * and remove.
 * @param trusted gets power 50
 * @param creationContent content of the create event
 */
export function createWeakRoom(
  creator: MatrixSession,
  trusted: string,
  allow: readonly string[],
  creationContent: Readonly<Record<string, unknown>> = {},
): Promise<RoomId> {
  return createRoom(creator, {
    creation_content: creationContent,
    preset: 'private_chat',
    invite: [trusted],
    power_level_content_override: { invite: 0, redact: 50, users: { [trusted]: 50 } },
    initial_state: [{ type: 'm.room.server_acl', state_key: '', content: serverAcl(allow) }],
  });
}

async function createRoom(creator: MatrixSession, options: Readonly<Record<string, unknown>>): Promise<RoomId> {
  const answer = await creator.request('POST', '/v3/createRoom', { room_version: '12', ...options });
  return createdSchema.parse(accepted(answer)).room_id;
}
