/** Bodies with their units and rooms, from the addresses that Landbote wrote into its rooms when it made them. */
import { parseAddress, roomAddress, spaceAddress } from '../reconciler/addresses.ts';
import { growTree, type FoundPlace } from './found-place.ts';
import type { Report } from './findings.ts';
import type { FoundRoom } from './found-room.ts';

export type RoomsByAddress = ReadonlyMap<string, FoundRoom>;

/** The bodies whose rooms these are. */
export function ownPlacesOf(rooms: RoomsByAddress, report: Report): FoundPlace[] {
  const bodies = new Set([...rooms.keys()].flatMap((address) => parseAddress(address)?.body ?? []));
  return [...bodies].toSorted().map((body) => bodyOf(body, rooms, report));
}

function bodyOf(body: string, rooms: RoomsByAddress, report: Report): FoundPlace {
  const entries = [...rooms].flatMap(([address, room]) => {
    const parsed = parseAddress(address);
    return parsed?.body === body ? [{ ...parsed, found: room }] : [];
  });
  const units = new Set(entries.flatMap(({ unit }) => unit ?? []));
  const unitBySpace = new Map([...units].map((unit) => [rooms.get(spaceAddress(body, unit))?.roomId, unit]));
  const unitAbove = (room: FoundRoom | undefined): string | null => unitBySpace.get(room?.parent ?? '') ?? null;
  const declared = entries.filter(({ room }) => room !== null);
  const roomsAt = (unit: string | null) =>
    declared.filter(({ found }) => unitAbove(found) === unit).map(({ found }) => found);

  const { roots, lost } = growTree(
    new Map([...units].toSorted().map((unit) => [unit, unitAbove(spaceOrRoom(body, unit, rooms))])),
    (unit, below): FoundPlace => placeOf(body, unit, rooms, roomsAt(unit), below),
  );
  for (const unit of lost) report('space-in-circle', `${body}/${unit}`);
  return placeOf(body, undefined, rooms, roomsAt(null), roots);
}

/** A unit with units below it stands where its space does; its room stands in that space. */
function spaceOrRoom(body: string, unit: string, rooms: RoomsByAddress): FoundRoom | undefined {
  return rooms.get(spaceAddress(body, unit)) ?? rooms.get(roomAddress(body, unit));
}

function placeOf(
  body: string,
  unit: string | undefined,
  rooms: RoomsByAddress,
  declared: readonly FoundRoom[],
  units: readonly FoundPlace[],
): FoundPlace {
  return {
    firstId: unit ?? body,
    space: rooms.get(spaceAddress(body, unit)) ?? null,
    room: rooms.get(roomAddress(body, unit)) ?? null,
    rooms: declared,
    units,
  };
}
