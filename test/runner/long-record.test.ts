import { expect, it } from 'vitest';
import { longRecord } from './long-record.ts';

it('records date, commit, counts and every step', () => {
  const steps = [
    { name: 'lint', passed: 1, failed: 0, durationMs: 2_400, output: '' },
    { name: 'tests: browser', passed: 11, failed: 1, durationMs: 60_000, output: 'secret output' },
  ];
  const text = longRecord(steps, 'abc1234', new Date('2026-11-23T12:00:00Z'), 2);
  expect(text).toContain('commit `abc1234`, 2026-11-23, 2 cores: **12 passed, 1 failed**');
  expect(text).toMatch(/\| lint +\| 1 +\| 0 +\| 2 +\|/);
  expect(text).toMatch(/\| tests: browser +\| 11 +\| 1 +\| 60 +\|/);
  expect(text).not.toContain('secret output');
});
