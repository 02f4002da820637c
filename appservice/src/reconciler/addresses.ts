/**
 * Addresses: where a room stands in the declaration. They are the keys of the inventory and part of every create
 * event, so they must stay as they are.
 */

/** The space of a body, or of a unit that has units below it. */
export function spaceAddress(body: string, unit?: string): string {
  return unit === undefined ? `space/${body}` : `space/${body}/${unit}`;
}

/** The announcement room of a body, or the room of a unit. */
export function roomAddress(body: string, unit?: string): string {
  return unit === undefined ? `room/${body}` : `room/${body}/${unit}`;
}

/** A room that stands under `rooms` of a body's file. `+` is in no id, so it cannot meet a unit's address. */
export function declaredRoomAddress(body: string, room: string): string {
  return `room/${body}/+${room}`;
}
