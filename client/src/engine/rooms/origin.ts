import { roomOriginKey, roomOriginSchema, type RoomOrigin } from '#contract/event-content.ts';
import { stateContent, type RoomRecord } from './room-record.ts';

/** Class and address of a room, from its create event, which nobody can change. Null if it is none of ours. */
export function originOf(record: RoomRecord): RoomOrigin | null {
  const parsed = roomOriginSchema.safeParse(stateContent(record, 'm.room.create')[roomOriginKey]);
  return parsed.success ? parsed.data : null;
}

/** Bots and administration accounts: members of rooms, but nobody to talk to. */
export function isServiceAccount(userId: string): boolean {
  return /^@(landbote|admin-)/.test(userId);
}
