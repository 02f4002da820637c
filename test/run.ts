/**
 * `npm test` and `npm run test:long`: all checks and tests, in the order fast to slow, on one real stack.
 * `--long` adds all browser tests without SharedWorker, a journey in Firefox and WebKit, the same on PostgreSQL, the
 * suites with the police's servers ended, mutants of the policy, and the deployment of docker-compose.yml, which needs
 * root and Debian's packages (docs/production.md); its result is recorded in docs/test-long.md.
 * Ends with the line `N passed, N failed`; exit code 1 if anything failed.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openAttacks } from './federation/border/open-cases.ts';
import { checks, runCheck } from './runner/checks.ts';
import { ensureDebianPackages } from './runner/debian-packages.ts';
import { writeLongRecord } from './runner/long-record.ts';
import { runMutation } from './runner/mutation.ts';
import { runPythonTests } from './runner/python-suite.ts';
import { stepLine, summaryLine, type StepResult } from './runner/report.ts';
import { policeAwayRun, postgresRun, runOnStack, usualRun } from './runner/stack-run.ts';
import { runVitest } from './runner/suites.ts';

const isLong = process.argv.includes('--long');
const reportFolder = join(import.meta.dirname, '..', '.local', 'test-reports');
const steps: StepResult[] = [];

function record(step: StepResult): void {
  steps.push(step);
  console.log(stepLine(step));
  if (step.failed > 0) console.log(step.output);
}

await rm(reportFolder, { recursive: true, force: true });
await mkdir(reportFolder, { recursive: true });

async function runChecks(): Promise<void> {
  for (const check of checks) record(await runCheck(check));
  record(await runPythonTests());
}

await Promise.all([runChecks(), runVitest(['unit', 'client'], { reportFolder }).then(record)]);
if (isLong) record(await ensureDebianPackages(['firefox-esr', 'webkit2gtk-driver', 'xvfb']));
const runs = isLong ? [usualRun(true), postgresRun, policeAwayRun] : [usualRun(false)];
for (const run of runs) await runOnStack(run, reportFolder, record);

if (isLong) {
  record(await runVitest(['compose'], { reportFolder }));
  record(await runMutation());
  await writeLongRecord(steps);
}

for (const { name, layer } of openAttacks) console.log(`open until the ${layer}: ${name}`);
console.log(summaryLine(steps));
process.exitCode = steps.some((step) => step.failed > 0) ? 1 : 0;
