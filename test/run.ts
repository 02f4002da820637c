/**
 * `npm test` and `npm run test:long`: all checks and tests, in the order fast to slow, on one real stack.
 * `--long` adds the deployment of docker-compose.yml, which needs root and Debian's servers (docs/production.md).
 * Ends with the line `N passed, N failed`; exit code 1 if anything failed.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStack, type Stack } from '#stack/stack.ts';
import { testStackOptions } from './harness/test-stack.ts';
import { checks, runCheck } from './runner/checks.ts';
import { stepLine, summaryLine, type StepResult } from './runner/report.ts';
import { runPlaywright, runVitest } from './runner/suites.ts';

const steps: StepResult[] = [];

function record(step: StepResult): void {
  steps.push(step);
  console.log(stepLine(step));
  if (step.failed > 0) console.log(step.output);
}

async function startTestStack(): Promise<Stack | null> {
  const startedAt = performance.now();
  const name = 'stack of real homeservers';
  try {
    const options = testStackOptions();
    await rm(options.folder, { recursive: true, force: true });
    const stack = await startStack(options);
    record({ name, passed: 1, failed: 0, durationMs: performance.now() - startedAt, output: '' });
    return stack;
  } catch (error) {
    record({ name, passed: 0, failed: 1, durationMs: performance.now() - startedAt, output: String(error) });
    return null;
  }
}

const reportFolder = join(import.meta.dirname, '..', '.local', 'test-reports');
await rm(reportFolder, { recursive: true, force: true });
await mkdir(reportFolder, { recursive: true });

for (const check of checks) record(await runCheck(check));
record(await runVitest(['unit', 'client'], { reportFolder }));

const stack = await startTestStack();
if (stack !== null) {
  const stackFile = join(testStackOptions().folder, 'stack.json');
  record(await runVitest(['integration', 'federation'], { reportFolder, stackFile }));
  record(await runPlaywright({ reportFolder, stackFile }));
  await stack.stop();
}

if (process.argv.includes('--long')) record(await runVitest(['compose'], { reportFolder }));

console.log(summaryLine(steps));
process.exitCode = steps.some((step) => step.failed > 0) ? 1 : 0;
