/**
 * Every door of a homeserver's federation listener through which somebody outside could be invited into, join, read
 * or disturb a room, or learn about people (Matrix specification, server-server API).
 */
import type { Door } from './door.ts';
import { joiningDoors } from './joining.ts';
import { peopleDoors } from './people.ts';
import { readingDoors } from './reading.ts';
import { sendingDoors } from './sending.ts';

export const doors: readonly Door[] = [...joiningDoors, ...readingDoors, ...sendingDoors, ...peopleDoors];

/** Throws if there is no such door. */
export function doorNamed(name: string): Door {
  const door = doors.find((candidate) => candidate.name === name);
  if (door === undefined) throw new Error(`there is no door "${name}"`);
  return door;
}
