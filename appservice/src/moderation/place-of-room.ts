import type { Organisation } from '#contract/organisation.ts';
import { createAtlas, type Place } from '../authority/place.ts';
import { placedUnitsOf } from '../organisation/directory.ts';
import { firstIdOf } from '#contract/first-id.ts';

/**
 * Where a declared room stands: a unit's room at the unit, a room under `rooms` where its file puts it, announcements
 * at the body. null for chats and for rooms that are no longer declared. `address`: reconciler/addresses.ts.
 */
export function placeOfRoom(address: string, organisation: Organisation): Place | null {
  const [kind, bodyId, name] = address.split('/');
  const body = organisation.bodies.find((declared) => firstIdOf(declared) === bodyId);
  if (kind !== 'room' || body === undefined) return null;
  if (name === undefined) return body.id;
  const atlas = createAtlas(organisation);
  if (!name.startsWith('+')) {
    const unit = placedUnitsOf(body).find((placed) => firstIdOf(placed.unit) === name)?.unit;
    return unit === undefined ? null : atlas.placeOfUnit(body.id, unit.id);
  }
  const room = body.rooms.find((declared) => `+${firstIdOf(declared)}` === name);
  return room === undefined ? null : atlas.placeOfUnit(body.id, room.unit);
}
