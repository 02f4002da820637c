/** A body whose people are in rooms of 25, 50 and 100. */
import { writeBody } from '../bench-organisation.ts';
import { land } from '../bench-stack.ts';

const body = 'streifen';
/** Each room takes one more of the units. */
const units = [25, 25, 50];

/** How many people the rooms have. */
export const roomSizes = units.map((_, index) => units.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
export const roomId = (people: number): string => `fahndung-${people}`;
const unitId = (index: number): string => `revier-${index}`;

export async function writePatrols(folder: string): Promise<void> {
  await writeBody(folder, body, {
    id: body,
    short: 'Str',
    name: 'Streifen',
    server: land,
    announcers: [{ body }],
    units: units.map((_, index) => ({ id: unitId(index), name: `Revier ${index}` })),
    people: units.flatMap((size, unit) =>
      Array.from({ length: size }, (_, index) => ({
        id: `streife.${unit}-${index}`,
        name: `Streife ${unit}-${index}`,
        unit: unitId(unit),
      })),
    ),
    rooms: roomSizes.map((people, index) => ({
      id: roomId(people),
      class: 'gemeinsam',
      name: `Fahndung ${people}`,
      members: units.slice(0, index + 1).map((_, unit) => ({ unit: `${body}/${unitId(unit)}` })),
    })),
  });
}
