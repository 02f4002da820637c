import { defineConfig } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '../harness/chromium.ts';

export default defineConfig({
  testDir: '..',
  testMatch: '{e2e,faults}/**/*.spec.ts',
  outputDir: '../../.local/test-reports/browser',
  // One browser test at a time: two cores also carry the homeservers.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 20_000,
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: await chromiumPath(), args: chromiumArguments },
  },
});
