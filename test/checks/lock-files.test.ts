import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { pythonRequirementFolders } from './declared-dependencies.ts';
import { npmLockProblems, requirementsProblems } from './lock-files.ts';

const root = new URL('../../', import.meta.url);
const npmLock = await readFile(new URL('package-lock.json', root), 'utf8');

it('locks every npm package by its hash and names no registry', () => {
  expect(npmLockProblems(npmLock)).toEqual([]);
});

it.each(pythonRequirementFolders)(
  'locks every Python package of %s by its hash and names no registry',
  async (folder) => {
    const requirements = await readFile(new URL(`${folder}/requirements.txt`, root), 'utf8');
    expect(requirementsProblems(requirements)).toEqual([]);
  },
);

it('tells an npm package that lost its hash or gained an address', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/bare': { version: '1.0.0' },
      'node_modules/fetched': { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://registry.example/f.tgz' },
    },
  };

  expect(npmLockProblems(JSON.stringify(lock))).toEqual([
    'node_modules/bare: no sha512 integrity',
    'node_modules/fetched: names a host',
  ]);
});

it('tells a Python package without exact version, without hash, or with an address', () => {
  const text = ['# comment', 'loose>=1', '--index-url https://registry.example/simple', ''].join('\n');

  expect(requirementsProblems(text)).toEqual([
    'loose>=1: no exact version',
    'loose>=1: no sha256 hash',
    '--index-url: no exact version',
    '--index-url: no sha256 hash',
    '--index-url: names a host',
  ]);
});
