/** Small organisations for tests: a fixed one to read, and random ones to find what nobody thought of. */
import * as fc from 'fast-check';
import { serverNameSchema } from '#contract/ids.ts';
import { organisationSchema, type Organisation } from '#contract/organisation.ts';
import { roomClassNameSchema } from '#contract/room-class.ts';

export const land = serverNameSchema.parse('land.hessen.test');
export const schule = serverNameSchema.parse('schule.hessen.test');

const namedPosting = new Set(['dienststelle', 'verteiler', 'liaison']);

const roomClasses = Object.fromEntries(
  roomClassNameSchema.options.map((name) => [
    name,
    {
      title: name,
      purpose: name,
      federation: 'own',
      historyVisibility: namedPosting.has(name) ? 'joined' : 'invited',
      posting: namedPosting.has(name) ? 'named' : 'everyone',
      retentionDays: name === 'lage' ? null : 30,
    },
  ]),
);

export function organisationOf(bodies: readonly unknown[]): Organisation {
  return organisationSchema.parse({
    domain: {
      id: 'land',
      name: 'Land',
      theme: 'land',
      servers: [land, schule].map((name) => ({ name, operator: 'HZD', location: 'hier' })),
    },
    roomClasses,
    bodies,
  });
}

/** A ministry with a nested unit, a school on the other homeserver, and a room over both. */
export const ministryAndSchool: Organisation = organisationOf([
  {
    id: 'hkm',
    short: 'HKM',
    name: 'Kultusministerium',
    server: land,
    units: [{ id: 'abteilung', name: 'Abteilung', units: [{ id: 'referat', name: 'Referat' }] }],
    people: [
      { id: 'anna.leit', name: 'Anna Leit', unit: 'abteilung' },
      { id: 'bert.ref', name: 'Bert Ref', unit: 'referat' },
      { id: 'cem.haus', name: 'Cem Haus' },
    ],
    announcers: [{ person: 'anna.leit' }],
    rooms: [
      {
        id: 'schulen',
        class: 'gemeinsam',
        name: 'Schulen',
        topic: 'Absprachen',
        unit: 'referat',
        members: [{ unit: 'hkm/referat' }, { person: 'cem.haus' }, { body: 'schule-eins' }],
      },
    ],
  },
  {
    id: 'schule-eins',
    short: 'S1',
    name: 'Schule Eins',
    server: schule,
    people: [{ id: 'doro.schul', name: 'Doro Schul' }],
    announcers: [{ body: 'schule-eins' }],
  },
]);

interface BodyShape {
  readonly server: string;
  readonly isNested: boolean;
  readonly people: readonly (0 | 1 | 2)[];
  readonly guests: readonly number[];
}

const bodyShape: fc.Arbitrary<BodyShape> = fc.record({
  server: fc.constantFrom(land, schule),
  isNested: fc.boolean(),
  people: fc.array(fc.constantFrom(0 as const, 1 as const, 2 as const), { maxLength: 6 }),
  guests: fc.array(fc.nat(5), { maxLength: 4 }),
});

/** Up to five bodies on two homeservers; units may be nested, rooms take people of any body. */
export const anyOrganisation: fc.Arbitrary<Organisation> = fc
  .array(bodyShape, { minLength: 1, maxLength: 5 })
  .map((shapes) => organisationOf(shapes.map((shape, index) => bodyOf(shape, index, shapes.length))));

function bodyOf({ server, isNested, people, guests }: BodyShape, index: number, bodies: number): unknown {
  const inner = { id: 'unit-2', name: 'Unit 2' };
  const outer = { id: 'unit-1', name: 'Unit 1' };
  const id = `body-${index}`;
  return {
    id,
    short: id,
    name: id,
    server,
    units: isNested ? [{ ...outer, units: [inner] }] : [outer, inner],
    people: people.map((unit, number) => ({
      id: `person-${index}-${number}`,
      name: `Person ${number}`,
      ...(unit === 0 ? {} : { unit: `unit-${unit}` }),
    })),
    announcers: [{ unit: `${id}/unit-1` }],
    rooms: guests.map((guest, number) => ({
      id: `room-${number}`,
      class: number % 2 === 0 ? 'gemeinsam' : 'verteiler',
      name: `Room ${number}`,
      unit: 'unit-2',
      members: [{ body: id }, { body: `body-${guest % bodies}` }],
      posters: number % 2 === 0 ? [] : [{ body: id }],
    })),
  };
}
