import type { Organisation } from '#contract/organisation.ts';
import { createAtlas, type Place } from '../authority/place.ts';
import { placedUnitsOf } from '../organisation/directory.ts';
import { firstIdOf } from '#contract/first-id.ts';
import { parseAddress } from '../reconciler/addresses.ts';

/**
 * Where a declared room stands: a unit's room at the unit, a room under `rooms` where its file puts it, announcements
 * at the body. null for chats and for rooms that are no longer declared. `address`: reconciler/addresses.ts.
 */
export function placeOfRoom(address: string, organisation: Organisation): Place | null {
  const parsed = parseAddress(address);
  const body = organisation.bodies.find((declared) => firstIdOf(declared) === parsed?.body);
  if (parsed?.kind !== 'room' || body === undefined) return null;
  const atlas = createAtlas(organisation);
  if (parsed.room !== null) {
    const room = body.rooms.find((declared) => firstIdOf(declared) === parsed.room);
    return room === undefined ? null : atlas.placeOfUnit(body.id, room.unit);
  }
  if (parsed.unit === null) return body.id;
  const unit = placedUnitsOf(body).find((placed) => firstIdOf(placed.unit) === parsed.unit)?.unit;
  return unit === undefined ? null : atlas.placeOfUnit(body.id, unit.id);
}
