/**
 * The packages installed in a Python environment, with the licence each declares.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { InstalledPackage } from './installed-packages.ts';

const script = `
import importlib.metadata, json
print(json.dumps([{
    "name": d.metadata["Name"],
    "expression": d.metadata.get("License-Expression"),
    "classifiers": d.metadata.get_all("Classifier") or [],
    "text": d.metadata.get("License"),
} for d in importlib.metadata.distributions()]))
`;

const distributionSchema = z.object({
  name: z.string(),
  /** SPDX, where the package is recent (PEP 639). */
  expression: z.string().nullable(),
  classifiers: z.array(z.string()),
  /** Free text of older packages. */
  text: z.string().nullable(),
});
type Distribution = z.infer<typeof distributionSchema>;

/** Older ways of naming a licence. Where they leave the version open, the strictest that is meant. */
const spdxOf: ReadonlyMap<string, string> = new Map([
  ['License :: OSI Approved :: Apache Software License', 'Apache-2.0'],
  ['License :: OSI Approved :: BSD License', 'BSD-3-Clause'],
  ['License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)', 'LGPL-3.0-or-later'],
  ['License :: OSI Approved :: ISC License (ISCL)', 'ISC'],
  ['License :: OSI Approved :: MIT License', 'MIT'],
  ['License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)', 'MPL-2.0'],
  ['Apache Software License', 'Apache-2.0'],
]);

/** Names nothing in its metadata; its file LICENSE holds the Apache licence 2.0. */
const clarified: ReadonlyMap<string, string> = new Map([['signedjson', 'Apache-2.0']]);

/** Asks an environment's own Python. Rejects if it does not run. */
export async function readPythonPackages(pythonPath: string): Promise<readonly InstalledPackage[]> {
  const { stdout } = await promisify(execFile)(pythonPath, ['-c', script]);
  const distributions = z.array(distributionSchema).parse(JSON.parse(stdout));
  return distributions.map((distribution) => ({ id: distribution.name, licence: licenceOf(distribution) }));
}

function licenceOf({ name, expression, classifiers, text }: Distribution): string {
  const classified = classifiers.flatMap((classifier) => spdxOf.get(classifier) ?? []);
  const named = expression ?? (classified.join(' AND ') || spdxOf.get(text ?? '')) ?? text;
  return clarified.get(name) ?? named ?? 'UNKNOWN';
}
