import type { Room } from 'matrix-js-sdk/lib/matrix.js';
import { roomOriginKey, roomOriginSchema, type RoomOrigin } from '#contract/event-content.ts';

/** Class and address of a room, from its create event, which nobody can change. Null if it is none of ours. */
export function originOf(room: Room): RoomOrigin | null {
  const create = room.currentState.getStateEvents('m.room.create', '');
  const parsed = roomOriginSchema.safeParse(create?.getContent()[roomOriginKey]);
  return parsed.success ? parsed.data : null;
}

/** Bots and administration accounts: members of rooms, but nobody to talk to. */
export function isServiceAccount(userId: string): boolean {
  return /^@(landbote|admin-)/.test(userId);
}
