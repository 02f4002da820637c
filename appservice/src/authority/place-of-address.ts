import { firstIdOf } from '#contract/first-id.ts';
import { localpartOf, userIdSchema } from '#contract/ids.ts';
import type { Organisation } from '#contract/organisation.ts';
import { placedUnitsOf } from '../organisation/directory.ts';
import { parseAddress } from '../reconciler/addresses.ts';
import { createAtlas, type Atlas, type Place } from './place.ts';

/**
 * Finds where that stands which a change is about: a unit's rooms at the unit, a room under `rooms` where its file puts it,
 * whatever else a body has at the body, an account where its person belongs. null: nothing declared has this address.
 */
export function createPlaceFinder(organisation: Organisation): (address: string) => Place | null {
  const atlas = createAtlas(organisation);
  return (address) => {
    const person = userIdSchema.safeParse(address);
    return person.success ? atlas.homeOf(localpartOf(person.data)) : placeOfRoom(address, organisation, atlas);
  };
}

function placeOfRoom(address: string, { bodies }: Organisation, atlas: Atlas): Place | null {
  const parsed = parseAddress(address);
  const body = bodies.find((declared) => firstIdOf(declared) === parsed?.body);
  if (parsed === null || body === undefined) return null;
  if (parsed.room !== null) {
    const room = body.rooms.find((declared) => firstIdOf(declared) === parsed.room);
    return room === undefined ? null : atlas.placeOfUnit(body.id, room.unit);
  }
  if (parsed.unit === null) return body.id;
  const placed = placedUnitsOf(body).find(({ unit }) => firstIdOf(unit) === parsed.unit);
  return placed === undefined ? null : atlas.placeOfUnit(body.id, placed.unit.id);
}
