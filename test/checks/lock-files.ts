/**
 * What is wrong with the two lock files: entries without a hash, and addresses of registries. An administration
 * installs from its own mirror; the hashes make sure that it gets the same bytes.
 */
import { z } from 'zod';

interface Rule<Entry> {
  readonly problem: string;
  readonly isBroken: (entry: Entry) => boolean;
}

const npmEntrySchema = z.object({
  version: z.string().optional(),
  resolved: z.string().default(''),
  integrity: z.string().default(''),
});
type NpmEntry = z.infer<typeof npmEntrySchema>;
const npmLockSchema = z.object({ packages: z.record(z.string(), npmEntrySchema) });

/** An entry without a version is a link into this repository. */
const npmRules: readonly Rule<NpmEntry>[] = [
  {
    problem: 'no sha512 integrity',
    isBroken: ({ version, integrity }) => version !== undefined && !integrity.startsWith('sha512-'),
  },
  { problem: 'names a host', isBroken: ({ resolved }) => resolved.includes('://') },
];

const requirementRules: readonly Rule<string>[] = [
  { problem: 'no exact version', isBroken: (entry) => !/^[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+/i.test(entry) },
  { problem: 'no sha256 hash', isBroken: (entry) => !/ --hash=sha256:[0-9a-f]{64}\b/.test(entry) },
  { problem: 'names a host', isBroken: (entry) => entry.includes('://') },
];

/** Problems of a package-lock.json, one line each. The project's own entry (its path is empty) is no package. */
export function npmLockProblems(text: string): readonly string[] {
  const { packages } = npmLockSchema.parse(JSON.parse(text));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, entry]) => problemsOf(path, entry, npmRules));
}

/** Problems of a requirements.txt as pip reads it with `--require-hashes`, one line each. */
export function requirementsProblems(text: string): readonly string[] {
  return text
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((entry) => problemsOf(entry.split(' ')[0] ?? entry, entry, requirementRules));
}

function problemsOf<Entry>(name: string, entry: Entry, rules: readonly Rule<Entry>[]): readonly string[] {
  return rules.filter((rule) => rule.isBroken(entry)).map((rule) => `${name}: ${rule.problem}`);
}
