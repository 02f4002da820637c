/**
 * `npm test` and `npm run test:long`: all checks and tests, in the order fast to slow, on one real stack.
 * `--long` adds all browser tests without SharedWorker, a journey in Firefox and WebKit, the same on PostgreSQL, mutants of the
 * policy, and the deployment of docker-compose.yml, which needs root and Debian's packages (docs/production.md); its
 * result is recorded in docs/test-long.md.
 * Ends with the line `N passed, N failed`; exit code 1 if anything failed.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStack, stackFilePath, type StackDatabase } from '#stack/stack.ts';
import { openAttacks } from './federation/border/open-cases.ts';
import { testStackOptions } from './harness/test-stack.ts';
import { checks, runCheck } from './runner/checks.ts';
import { ensureDebianPackages } from './runner/debian-packages.ts';
import { writeLongRecord } from './runner/long-record.ts';
import { runMutation } from './runner/mutation.ts';
import { runPythonTests } from './runner/python-suite.ts';
import { stepLine, summaryLine, type StepResult } from './runner/report.ts';
import { runPlaywright, runVitest, type SuiteOptions } from './runner/suites.ts';

const isLong = process.argv.includes('--long');
const reportFolder = join(import.meta.dirname, '..', '.local', 'test-reports');
const steps: StepResult[] = [];

function record(step: StepResult): void {
  steps.push(step);
  console.log(stepLine(step));
  if (step.failed > 0) console.log(step.output);
}

type Suite = (options: SuiteOptions) => Promise<StepResult>;

/**
 * Runs suites one after the other on a stack that begins anew; without a stack they count as one failure.
 * @param away processes of it that are ended first, for good
 */
async function runOnStack(
  database: StackDatabase,
  suites: readonly Suite[],
  { label = '', away = [] }: { readonly label?: string; readonly away?: readonly string[] } = {},
): Promise<void> {
  const startedAt = performance.now();
  const took = (): number => performance.now() - startedAt;
  const suffix = label === '' ? '' : ` (${label})`;
  const name = `stack of real homeservers${suffix}`;
  const options = testStackOptions(database);
  await rm(options.folder, { recursive: true, force: true });
  try {
    const stack = await startStack(options);
    for (const process of away) await stack.stopProcess(process);
    record({ name, passed: 1, failed: 0, durationMs: took(), output: '' });
    for (const suite of suites) {
      const step = await suite({ reportFolder, stackFile: stackFilePath(options.folder) });
      record({ ...step, name: `${step.name}${suffix}` });
    }
    await stack.stop();
  } catch (error) {
    record({ name, passed: 0, failed: 1, durationMs: took(), output: String(error) });
  }
}

const otherBrowsers: readonly Suite[] = [
  (options) => runPlaywright(options, 'chromium, further looks'),
  (options) => runPlaywright(options, 'firefox'),
  (options) => runPlaywright(options, 'webkit'),
];

/** Tests that ask something of the police's own homeserver. */
const whatNeedsThePolice = [
  'test/integration/api.test.ts',
  'test/federation/wall/{incoming,members,outgoing,pushers,server-admin}.test.ts',
];

await rm(reportFolder, { recursive: true, force: true });
await mkdir(reportFolder, { recursive: true });

for (const check of checks) record(await runCheck(check));
record(await runVitest(['unit', 'client'], { reportFolder }));
record(await runPythonTests());
if (isLong) record(await ensureDebianPackages(['firefox-esr', 'webkit2gtk-driver', 'xvfb']));
await runOnStack('sqlite', [
  (options) => runVitest(['integration', 'federation'], options),
  (options) => runPlaywright(options, 'chromium'),
  (options) => runPlaywright(options, 'without SharedWorker', isLong ? [] : ['e2e/journey']),
  ...(isLong ? otherBrowsers : []),
]);

if (isLong) {
  await runOnStack(
    'start-postgres',
    [(options) => runVitest(['integration', 'federation'], options), (options) => runPlaywright(options, 'chromium')],
    { label: 'PostgreSQL' },
  );
  // Neither domain's normal work may stop because the other is away.
  await runOnStack('sqlite', [(options) => runVitest(['integration', 'federation'], options, whatNeedsThePolice)], {
    label: 'police away',
    away: ['appservice polizei.hessen.test', 'synapse polizei.hessen.test'],
  });
  record(await runVitest(['compose'], { reportFolder }));
  record(await runMutation());
  await writeLongRecord(steps);
}

for (const { name, layer } of openAttacks) console.log(`open until the ${layer}: ${name}`);
console.log(summaryLine(steps));
process.exitCode = steps.some((step) => step.failed > 0) ? 1 : 0;
