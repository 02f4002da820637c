/**
 * Runs the suites of Vitest and Playwright and reads their counts from their JSON reports.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runNode, type CommandResult } from './run-command.ts';
import type { StepResult } from './report.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const vitestReportSchema = z
  .object({
    numPassedTests: z.int(),
    numFailedTests: z.int(),
    numPendingTests: z.int(),
    numFailedTestSuites: z.int(),
  })
  .transform((report): Counts => ({
    passed: report.numPassedTests,
    // A skipped test proves nothing, and a file that could not be loaded has no tests to count: both are failures.
    failed:
      report.numFailedTests + report.numPendingTests + (report.numFailedTests === 0 ? report.numFailedTestSuites : 0),
  }));

const playwrightReportSchema = z
  .object({ stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }) })
  .transform(({ stats }): Counts => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped,
  }));

export interface SuiteOptions {
  /** Where reports are written. */
  readonly reportFolder: string;
  /** The running stack's file, for suites that need one. */
  readonly stackFile?: string;
}

function environmentOf(options: SuiteOptions): Record<string, string> {
  return options.stackFile === undefined ? {} : { LANDBOTE_STACK_FILE: options.stackFile };
}

/**
 * Runs one or several Vitest projects.
 * @param without patterns of files that are left out
 */
export async function runVitest(
  projects: readonly string[],
  options: SuiteOptions,
  without: readonly string[] = [],
): Promise<StepResult> {
  const reportPath = join(options.reportFolder, `vitest-${projects.join('-').replaceAll(' ', '-')}.json`);
  const result = await runNode(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/vitest.config.ts',
      ...projects.flatMap((project) => ['--project', project]),
      ...without.flatMap((pattern) => ['--exclude', pattern]),
      '--reporter',
      'default',
      '--reporter',
      'json',
      `--outputFile.json=${reportPath}`,
    ],
    { environment: environmentOf(options) },
  );
  return stepOf(`tests: ${projects.join(', ')}`, result, reportPath, vitestReportSchema);
}

/** A project of test/e2e/playwright.config.ts. */
export type BrowserProject = 'chromium' | 'chromium, further looks' | 'without SharedWorker' | 'firefox' | 'webkit';

/**
 * Runs browser tests.
 * @param files parts of the names of the files to run; all of the project's if there are none
 */
export async function runPlaywright(
  options: SuiteOptions,
  project: BrowserProject,
  files: readonly string[] = [],
): Promise<StepResult> {
  const reportPath = join(options.reportFolder, `playwright-${project.replaceAll(/\W+/g, '-')}.json`);
  const playwright = ['node_modules/@playwright/test/cli.js', 'test', '-c', 'test/e2e/playwright.config.ts'];
  const result = await runNode([...playwright, ...files, '--project', project, '--reporter', 'list,json'], {
    environment: { ...environmentOf(options), PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath },
  });
  return stepOf(`tests: browser (${project})`, result, reportPath, playwrightReportSchema);
}

async function stepOf(
  name: string,
  result: CommandResult,
  reportPath: string,
  schema: z.ZodType<Counts>,
): Promise<StepResult> {
  const counts = await readCounts(reportPath, schema);
  // A runner that fails without naming a failed test (crash, failed set-up) still makes the run fail.
  const failed = Math.max(counts.failed, result.exitCode === 0 && counts.passed > 0 ? 0 : 1);
  return { name, passed: counts.passed, failed, durationMs: result.durationMs, output: result.output };
}

async function readCounts(reportPath: string, schema: z.ZodType<Counts>): Promise<Counts> {
  try {
    return schema.parse(JSON.parse(await readFile(reportPath, 'utf8')));
  } catch {
    return { passed: 0, failed: 1 };
  }
}
