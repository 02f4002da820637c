import { expect, it } from 'vitest';
import { userIdSchema } from '#contract/ids.ts';
import { refusals, shiftChangeReport } from './report.ts';
import type { ShiftChangeResult } from './shift-change.ts';

const userId = userIdSchema.parse('@mensch.1:land.hessen.test');
const result: ShiftChangeResult = {
  signedIn: [
    { userId, acceptedMs: 300, listMs: 900, encryptionMs: 4_000 },
    { userId, acceptedMs: 800, listMs: 5_001, encryptionMs: 9_000 },
  ],
  failures: [],
  requests: 10,
  limited: [],
  processorSeconds: 3,
  screenMs: 5_000,
};

it('counts who waited longer than five seconds for the list', () => {
  expect(shiftChangeReport(result)).toContain('1 waited longer than 5 s for the list; 0 were refused.');
  expect(shiftChangeReport({ ...result, screenMs: 6_000 })).toContain('2 waited longer than 5 s');
});

it('counts and names everybody who was refused, whoever sits at the Chromium too', () => {
  const refused = { ...result, failures: ['@mensch.2: rate-limited'], limited: ['POST /login'], screenMs: Infinity };
  expect(refusals(refused)).toBe(2);
  expect(shiftChangeReport(refused)).toMatch(/2 were refused[^]*POST \/login\n@mensch\.2: rate-limited/);
});

it('reports a shift in which nobody was let in', () => {
  expect(shiftChangeReport({ ...result, signedIn: [], screenMs: Infinity })).toContain('accepted');
});
