/**
 * The direct dependencies that the project declares, per package manager.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);
const versions = z.record(z.string(), z.string());
const packageSchema = z.object({ dependencies: versions, devDependencies: versions });

export async function readNpmDependencies(): Promise<readonly string[]> {
  const text = await readFile(new URL('package.json', root), 'utf8');
  const { dependencies, devDependencies } = packageSchema.parse(JSON.parse(text));
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
}

/** Folders with Python requirements: `requirements.in` names them, `requirements.txt` locks them. */
export const pythonRequirementFolders = [
  'synapse-config/homeserver',
  'synapse-config/stack/postgres-programs',
  'test/integration/schemathesis',
];

/** Names in all requirements.in, without extras and versions. */
export async function readPythonDependencies(): Promise<readonly string[]> {
  const texts = await Promise.all(
    pythonRequirementFolders.map((folder) => readFile(new URL(`${folder}/requirements.in`, root), 'utf8')),
  );
  return texts.flatMap((text) => text.split('\n')).flatMap((line) => line.match(/^[a-z0-9._-]+/i)?.[0] ?? []);
}
