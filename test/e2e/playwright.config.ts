import { defineConfig } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '../harness/chromium.ts';

const executablePath = await chromiumPath();

/** Driven in another way, by its own files. */
const testIgnore = '**/webkit/**';

/** What takes its time and says little new. */
const isForLongRun = /@long/;

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
  },
  projects: [
    {
      name: 'chromium',
      testIgnore,
      grepInvert: isForLongRun,
      use: { launchOptions: { executablePath, args: chromiumArguments } },
    },
    {
      name: 'chromium, further looks',
      testIgnore,
      grep: isForLongRun,
      use: { launchOptions: { executablePath, args: chromiumArguments } },
    },
    {
      // As on many phones: every page has a worker of its own, and one of them leads.
      name: 'without SharedWorker',
      // What axe looks at is the same.
      testIgnore: [testIgnore, '**/accessibility.spec.ts'],
      use: { launchOptions: { executablePath, args: [...chromiumArguments, '--disable-features=SharedWorker'] } },
    },
    {
      // Debian's own, over WebDriver BiDi; Playwright's name for it.
      name: 'firefox',
      testMatch: 'e2e/journey.spec.ts',
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: { executablePath: '/usr/bin/firefox-esr' },
      },
    },
    { name: 'webkit', testMatch: 'e2e/webkit/*.spec.ts' },
  ],
});
