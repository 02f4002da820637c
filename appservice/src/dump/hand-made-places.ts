/** Bodies with their units and rooms, from spaces that people made: a space at the top as a body, one below it as a unit. */
import type { Report } from './findings.ts';
import { growTree, type FoundPlace } from './found-place.ts';
import { labelOf, type FoundRoom } from './found-room.ts';

/** `rooms`: those that people of this homeserver made. */
export function handMadePlacesOf(rooms: readonly FoundRoom[], report: Report): FoundPlace[] {
  const above = placesAbove(rooms, report);
  const [spaces, others] = [rooms.filter(({ isSpace }) => isSpace), rooms.filter(({ isSpace }) => !isSpace)];
  const byId = new Map(spaces.map((space) => [space.roomId, space]));
  const roomsBySpace = Map.groupBy(others, ({ roomId }) => above.get(roomId) ?? null);
  for (const room of roomsBySpace.get(null) ?? []) report('room-without-space', labelOf(room));
  const { roots, lost } = growTree(
    new Map(spaces.map(({ roomId }) => [roomId, above.get(roomId) ?? null])),
    (roomId, units): FoundPlace => {
      return {
        firstId: null,
        space: byId.get(roomId) ?? null,
        room: null,
        rooms: roomsBySpace.get(roomId) ?? [],
        units,
      };
    },
  );
  for (const roomId of lost) report('space-in-circle', labelOf(byId.get(roomId) ?? { name: null, roomId }));
  return [...roots];
}

/** Of each room that a space shows, the id of that space: the first by name where several do. */
function placesAbove(rooms: readonly FoundRoom[], report: Report): ReadonlyMap<string, string> {
  const spaces = rooms.filter(({ isSpace }) => isSpace).toSorted(byName);
  const above = new Map<string, string>();
  for (const room of rooms) {
    const [first, ...others] = spaces.filter(({ children }) => children.includes(room.roomId));
    if (first === undefined) continue;
    above.set(room.roomId, first.roomId);
    if (others.length > 0) report('room-in-several-spaces', labelOf(room), labelOf(first));
  }
  return above;
}

function byName(one: FoundRoom, other: FoundRoom): number {
  return labelOf(one) < labelOf(other) ? -1 : 1;
}
