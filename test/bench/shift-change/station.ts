/** A station whose people all sit behind one address. */
import { writeBody } from '../bench-organisation.ts';
import { land } from '../bench-stack.ts';

const station = 'leitstelle';
const duty = 'leitstellendienst';
const shifts = ['a', 'b', 'c', 'd'];
const shared = ['Übergaben', 'Fahrzeuge und Geräte', 'Dienstplan', 'Wetter und Straßen', 'Kantine'];

/** Writes the declaration. Everybody is in the station's spaces and in eight rooms. */
export async function writeStation(folder: string, people: number): Promise<void> {
  await writeBody(folder, station, stationOf(people));
}

function stationOf(people: number): unknown {
  return {
    id: station,
    short: 'LtS',
    name: 'Leitstelle',
    server: land,
    units: [
      { id: duty, name: 'Leitstellendienst', units: shifts.map((id) => ({ id, name: `Schicht ${id.toUpperCase()}` })) },
    ],
    people: Array.from({ length: people }, (_, index) => ({
      id: `${station}.${index + 1}`,
      name: `Mensch ${index + 1}`,
      unit: shifts[index % shifts.length],
    })),
    announcers: [{ person: `${station}.1` }],
    rooms: shared.map((name, index) => ({
      id: `gemeinsam-${index + 1}`,
      class: 'gemeinsam',
      name,
      unit: duty,
      members: [{ body: station }],
    })),
  };
}
