/**
 * Changes the policy's decisions in every small way (StrykerJS) and asks its tests about each: a change that none of them
 * notices has survived. Fails below the threshold of test/mutation/stryker.config.json.
 */
import { runNode } from './run-command.ts';
import type { StepResult } from './report.ts';

const scorePattern = /Final mutation score of ([\d.]+) is (greater|lower)/;

/** Counts as one test: whether enough changes were noticed. */
export async function runMutation(): Promise<StepResult> {
  const result = await runNode([
    'node_modules/@stryker-mutator/core/bin/stryker.js',
    'run',
    'test/mutation/stryker.config.json',
  ]);
  const [, score = 'none'] = scorePattern.exec(result.output) ?? [];
  const isFailed = result.exitCode !== 0 || score === 'none';
  return {
    name: `mutants of the policy: ${score} %`,
    passed: isFailed ? 0 : 1,
    failed: isFailed ? 1 : 0,
    durationMs: result.durationMs,
    output: result.output,
  };
}
