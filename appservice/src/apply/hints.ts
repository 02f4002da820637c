/** What a pushed event hints at. */
import { roomIdSchema, type UserId } from '#contract/ids.ts';
import { rosterEventType } from '#contract/roster.ts';
import type { PushedEvent } from '#appservice/matrix/bridge.ts';
import type { Hint } from './hinted-rooms.ts';

/** State whose change can let somebody read, come in or change things who should not. */
const protectiveTypes: ReadonlySet<string> = new Set([
  'm.room.server_acl',
  'm.room.power_levels',
  'm.room.join_rules',
  'm.room.history_visibility',
  'm.room.guest_access',
  'm.room.encryption',
  'm.room.member',
  rosterEventType,
]);

/** Nothing for messages: they change no state, and there are many. */
export function hintsOf({ type, room_id: room, state_key: stateKey, sender }: PushedEvent, bot: UserId): Hint[] {
  if (stateKey === undefined) return [];
  const isEcho = sender === bot || (type === 'm.room.member' && sender === stateKey);
  return [{ roomId: roomIdSchema.parse(room), isUrgent: protectiveTypes.has(type), isEcho }];
}
