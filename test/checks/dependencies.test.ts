import { expect, it } from 'vitest';
import { readNpmDependencies, readPythonDependencies } from './declared-dependencies.ts';
import { readDocumentedDependencies } from './documented-dependencies.ts';

it('finds a line in docs/dependencies.md for every direct dependency, and none for anything else', async () => {
  const declared = [...(await readNpmDependencies()), ...(await readPythonDependencies())];
  const documented = (await readDocumentedDependencies()).map(({ name }) => name);

  expect(documented.toSorted()).toEqual(declared.toSorted());
});

it('finds in each line what the dependency is for, and why this one', async () => {
  const documented = await readDocumentedDependencies();

  expect(documented.filter(({ purpose, reason }) => purpose === '' || reason === '')).toEqual([]);
});
