import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pythonFolder } from '#stack/bring-up.ts';
import { isAllowedBesideUs } from '#test/checks/licence-policy.ts';
import { readPythonPackages } from '#test/checks/python-packages.ts';

it('allows the licence of every package in the homeserver’s Python environment', async () => {
  const packages = await readPythonPackages(join(pythonFolder, 'bin', 'python'));

  expect(packages.map(({ id }) => id)).toContain('matrix-synapse');
  expect(packages.filter(({ id, licence }) => !isAllowedBesideUs(id, licence))).toEqual([]);
});
