import { expect, it } from 'vitest';
import { isOlder, synapseVersionMin, synapseVersionOf } from './synapse-version.ts';

it('reads the version of Synapse, also of a release candidate or a branch', () => {
  expect(synapseVersionOf('Synapse/1.163.2')).toEqual([1, 163, 2]);
  expect(synapseVersionOf('Synapse/1.164.0rc1 (b=develop,1a2b3c)')).toEqual([1, 164, 0]);
});

it.each(['', 'nginx', 'Dendrite/0.15.2', 'Synapse/unknown'])('takes "%s" for no Synapse', (header) => {
  expect(synapseVersionOf(header)).toBeNull();
});

it.each([
  [[1, 157, 1], true],
  [[1, 156, 9], true],
  [[0, 999, 999], true],
  [[1, 157, 2], false],
  [[1, 163, 2], false],
  [[2, 0, 0], false],
] as const)('orders %j against the oldest version it trusts', (version, expected) => {
  expect(isOlder(version, synapseVersionMin)).toBe(expected);
});
