import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readPythonDependencies } from './declared-dependencies.ts';
import { readDocumentedDependencies } from './documented-dependencies.ts';
import { readInstalledPackages } from './installed-packages.ts';
import { isAllowed, isAllowedBesideUs, isAllowedPackage } from './licence-policy.ts';

const root = dirname(dirname(import.meta.dirname));
const installed = await readInstalledPackages(root);

it('allows the licence of every installed package', () => {
  expect(installed.length).toBeGreaterThan(300);
  expect(installed.filter(({ id, licence }) => !isAllowedPackage(nameOf(id), licence))).toEqual([]);
});

it('finds and refuses an installed package under the GPL alone', async () => {
  const project = await projectWith({ name: 'copyleft', version: '1.0.0', license: 'GPL-3.0-only' });

  const packages = await readInstalledPackages(project);

  expect(packages.filter(({ licence }) => !isAllowed(licence))).toEqual([
    { id: 'copyleft@1.0.0', licence: 'GPL-3.0-only' },
  ]);
});

it.each([
  'GPL-2.0-or-later',
  'AGPL-3.0-only',
  'MIT AND GPL-3.0-only',
  '(MIT OR ISC) AND (GPL-3.0-only)',
  'MIT*',
  'UNKNOWN',
])('refuses %s', (licence) => {
  expect(isAllowed(licence)).toBe(false);
});

it('knows the copyleft programs beside ours by name, and no others', () => {
  expect(isAllowedBesideUs('matrix-synapse', 'AGPL-3.0-or-later OR LicenseRef-Element-Commercial')).toBe(true);
  expect(isAllowedBesideUs('another-server', 'AGPL-3.0-or-later')).toBe(false);
  expect(isAllowedBesideUs('matrix-synapse', 'GPL-2.0-only')).toBe(false);
});

it('knows the data that tools read by name, and no others', () => {
  expect(isAllowedPackage('caniuse-lite', 'CC-BY-4.0')).toBe(true);
  expect(isAllowedPackage('another-list', 'CC-BY-4.0')).toBe(false);
  expect(isAllowedPackage('caniuse-lite', 'CC-BY-NC-4.0')).toBe(false);
});

it('takes the allowed side of a choice between licences', () => {
  expect(isAllowed('(GPL-3.0-only OR MIT)')).toBe(true);
});

it('names in docs/dependencies.md the licence that each installed package declares', async () => {
  const installedLicences = new Map(installed.map(({ id, licence }) => [nameOf(id), licence]));
  const documented = await readDocumentedDependencies();
  const python = new Set(await readPythonDependencies());
  const npm = documented.filter(({ name }) => !python.has(name));

  const differing = npm.filter(({ name, licence }) => (installedLicences.get(installedName(name)) ?? '') !== licence);

  expect(differing).toEqual([]);
});

it('allows the documented licence of every direct Python package', async () => {
  const python = new Set(await readPythonDependencies());
  const documented = (await readDocumentedDependencies()).filter(({ name }) => python.has(name));

  expect(documented.filter(({ name, licence }) => !isAllowedBesideUs(name, licence))).toEqual([]);
});

/** `@scope/name@1.0.0` without its version. */
function nameOf(id: string): string {
  return id.slice(0, id.lastIndexOf('@'));
}

/** Two packages are installed under another name than their own (package.json, `npm:`). */
function installedName(name: string): string {
  const aliases: Readonly<Record<string, string>> = {
    '@typescript/native': 'typescript',
    typescript: '@typescript/typescript6',
  };
  return aliases[name] ?? name;
}

async function projectWith(dependency: { name: string; version: string; license: string }): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'landbote-licences-'));
  onTestFinished(() => rm(project, { recursive: true }));
  const folder = join(project, 'node_modules', dependency.name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(dependency));
  const manifest = { name: 'project', version: '1.0.0', license: 'MIT', dependencies: { [dependency.name]: '1.0.0' } };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  return project;
}
