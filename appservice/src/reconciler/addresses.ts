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

export interface ParsedAddress {
  readonly kind: 'space' | 'room';
  /** First id of the body. */
  readonly body: string;
  /** First id of the unit; null for what is the body's. */
  readonly unit: string | null;
  /** First id of a room under `rooms`; null for everything else. */
  readonly room: string | null;
}

/** null: the room stands for nothing that is declared, such as a chat. */
export function parseAddress(address: string): ParsedAddress | null {
  const [kind, body, name = null, ...more] = address.split('/');
  if ((kind !== 'space' && kind !== 'room') || body === undefined || more.length > 0) return null;
  const isRoom = name?.startsWith('+') === true;
  return { kind, body, unit: isRoom ? null : name, room: isRoom ? name.slice(1) : null };
}
