/** An invented organisation of any size in which everybody is in six rooms, as people of a large ministry are. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { serverNameSchema } from '#contract/ids.ts';
import { organisationSchema, type Organisation } from '#contract/organisation.ts';
import { roomClassesPath } from '#stack/servers.ts';

export const benchServer = serverNameSchema.parse('land.hessen.test');

export interface OrganisationSize {
  readonly bodies: number;
  readonly peopleOfBody: number;
  /** Units at the lowest level, of all departments of a body together. */
  readonly unitsOfBody: number;
}

const departmentsOfBody = 4;

/** The parsed declaration: everybody is in the spaces and rooms of body and department, in their unit's and a joint room. */
export async function largeOrganisation(size: OrganisationSize): Promise<Organisation> {
  return organisationSchema.parse({
    domain: {
      id: 'land',
      name: 'Land',
      theme: 'land',
      servers: [{ name: benchServer, operator: 'Messstand', location: 'auf dem Messstand' }],
    },
    roomClasses: parse(await readFile(roomClassesPath, 'utf8')),
    bodies: Array.from({ length: size.bodies }, (_, index) => bodyOf(`behoerde-${index}`, size)),
  });
}

function bodyOf(id: string, { peopleOfBody, unitsOfBody }: OrganisationSize): unknown {
  return {
    id,
    short: id,
    name: `Behörde ${id}`,
    server: benchServer,
    units: departments.map((department) => ({
      id: department,
      name: department,
      units: unitIds(unitsOfBody)
        .filter((_unit, index) => departments[index % departmentsOfBody] === department)
        .map((unit) => ({ id: unit, name: unit })),
    })),
    people: Array.from({ length: peopleOfBody }, (_, index) => ({
      id: `${id}.${index}`,
      name: `Mensch ${index}`,
      unit: `referat-${index % unitsOfBody}`,
    })),
    announcers: [{ person: `${id}.0` }],
    rooms: departments.map((department) => ({
      id: department,
      class: 'gemeinsam',
      name: `Gemeinsamer Raum ${department}`,
      unit: department,
      members: [{ unit: `${id}/${department}` }],
    })),
  };
}

const departments = Array.from({ length: departmentsOfBody }, (_, index) => `abteilung-${index}`);

function unitIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `referat-${index}`);
}
