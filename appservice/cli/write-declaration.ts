import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Organisation } from '#contract/organisation.ts';

/**
 * Writes an organisation as the files that `plan --aus` and the appservice read.
 * @returns how many files
 */
export async function writeDeclaration(folder: string, organisation: Organisation): Promise<number> {
  const { domain, roomClasses, bodies } = organisation;
  await mkdir(join(folder, 'bodies'), { recursive: true });
  const files = [
    ['domain.yaml', domain],
    ['room-classes.yaml', roomClasses],
    ...bodies.map((body) => [join('bodies', `${body.id}.yaml`), body] as const),
  ] as const;
  for (const [name, content] of files) await writeFile(join(folder, name), stringify(content));
  return files.length;
}
