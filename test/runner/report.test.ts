import { expect, it } from 'vitest';
import { stepLine, summaryLine } from './report.ts';

const step = { name: 'lint', passed: 1, failed: 0, durationMs: 1234, output: '' };

it('sums passed and failed over all steps into the line that ends a run', () => {
  expect(summaryLine([step, { ...step, passed: 41, failed: 2 }])).toBe('42 passed, 2 failed');
});

it('marks a step in which anything failed', () => {
  expect(stepLine({ ...step, failed: 1 })).toMatch(/^FAIL lint .*1 passed, 1 failed .*1\.2 s$/);
  expect(stepLine(step)).toMatch(/^ok {3}lint .*1 passed .*1\.2 s$/);
});
