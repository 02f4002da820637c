/**
 * Counts what passed and failed over all steps of a test run.
 */
export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
  /** Shown when something failed. */
  readonly output: string;
}

/** The run's last line, which tools read: `N passed, N failed`. */
export function summaryLine(steps: readonly StepResult[]): string {
  const total = (key: 'passed' | 'failed'): number => steps.reduce((sum, step) => sum + step[key], 0);
  return `${total('passed')} passed, ${total('failed')} failed`;
}

/** One line per step: mark, name, counts, seconds. */
export function stepLine(step: StepResult): string {
  const mark = step.failed === 0 ? 'ok  ' : 'FAIL';
  const counts = step.failed === 0 ? `${step.passed} passed` : `${step.passed} passed, ${step.failed} failed`;
  return `${mark} ${step.name.padEnd(34)} ${counts.padEnd(24)} ${(step.durationMs / 1000).toFixed(1)} s`;
}
