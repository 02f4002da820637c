import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bodyFileSchema, trustDomainFileSchema, type Organisation } from '#contract/organisation.ts';
import { roomClassesSchema } from '#contract/room-class.ts';
import { roomClassesPath } from './servers.ts';

const readYaml = async (path: string): Promise<unknown> => parse(await readFile(path, 'utf8'));

export async function readOrganisation(folder: string): Promise<Organisation> {
  const bodies = join(folder, 'bodies');
  const files = (await readdir(bodies)).sort();
  return {
    domain: trustDomainFileSchema.parse(await readYaml(join(folder, 'domain.yaml'))),
    roomClasses: roomClassesSchema.parse(await readYaml(roomClassesPath)),
    bodies: await Promise.all(files.map(async (file) => bodyFileSchema.parse(await readYaml(join(bodies, file))))),
  };
}
