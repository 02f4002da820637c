/** Declarations with one body, for stacks that measure. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

const domain = {
  id: 'land',
  name: 'Land Hessen',
  theme: 'land',
  servers: [{ name: 'land.hessen.test', operator: 'Messstand', location: 'auf dem Messstand' }],
};

function body(id: string, units: number): unknown {
  return {
    id,
    short: id,
    name: `Messung ${id}`,
    server: 'land.hessen.test',
    announcers: [{ body: id }],
    units: Array.from({ length: units }, (_, index) => ({ id: `einheit-${index}`, name: `Einheit ${index}` })),
  };
}

/**
 * Writes a declaration of rooms alone, one for each unit: nobody belongs to it, so carrying it out costs the creation of
 * its rooms and nothing else.
 */
export async function writeDeclaration(folder: string, bodyId: string, units: number): Promise<void> {
  await writeBody(folder, bodyId, body(bodyId, units));
}

/** Writes a declaration with this body and no other. */
export async function writeBody(folder: string, bodyId: string, declared: unknown): Promise<void> {
  await mkdir(join(folder, 'bodies'), { recursive: true });
  await writeFile(join(folder, 'domain.yaml'), stringify(domain));
  await writeFile(join(folder, 'bodies', `${bodyId}.yaml`), stringify(declared));
}
