import type { Organisation } from '#contract/organisation.ts';
import { createAtlas, type Place } from '../authority/place.ts';

/**
 * Where a declared room stands: a unit's room at the unit, a room under `rooms` where its file puts it, announcements
 * at the body. null for chats and for rooms that are no longer declared. `address`: reconciler/addresses.ts.
 */
export function placeOfRoom(address: string, organisation: Organisation): Place | null {
  const [kind, bodyId, name] = address.split('/');
  const body = organisation.bodies.find(({ id }) => id === bodyId);
  if (kind !== 'room' || body === undefined) return null;
  if (name === undefined) return body.id;
  const atlas = createAtlas(organisation);
  if (!name.startsWith('+')) return atlas.placeOfScope(`${body.id}/${name}`);
  const room = body.rooms.find(({ id }) => `+${id}` === name);
  return room === undefined ? null : atlas.placeOfUnit(body.id, room.unit);
}
