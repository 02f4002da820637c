import { expect, it } from 'vitest';
import { countsOf } from './python-suite.ts';

const result = (exitCode: number, output: string) => ({ exitCode, output, durationMs: 1 });

it('counts the tests that ran', () => {
  expect(countsOf(result(0, '....\nRan 23 tests in 20.072s\n\nOK\n'))).toEqual({ passed: 23, failed: 0 });
});

it('counts failures, errors and skipped tests as failed', () => {
  const output = 'Ran 10 tests in 1.0s\n\nFAILED (failures=2, errors=1, skipped=1)\n';
  expect(countsOf(result(1, output))).toEqual({ passed: 6, failed: 4 });
});

it('counts a run that could not begin as one failure', () => {
  expect(countsOf(result(1, 'ModuleNotFoundError: No module named synapse'))).toEqual({ passed: 0, failed: 1 });
  expect(countsOf(result(0, 'Ran 0 tests in 0.000s\n\nOK\n'))).toEqual({ passed: 0, failed: 1 });
});
