/**
 * The last result of the long run, as a document: what ran, on which commit, with which counts.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { markdownTable } from '../bench/table.ts';
import { summaryLine, type StepResult } from './report.ts';

const documentPath = fileURLToPath(new URL('../../docs/test-long.md', import.meta.url));

/** The document's text. Pure. */
export function longRecord(steps: readonly StepResult[], commit: string, at: Date, cores: number): string {
  const rows = steps.map(({ name, passed, failed, durationMs }) => [
    name,
    String(passed),
    String(failed),
    (durationMs / 1000).toFixed(0),
  ]);
  return [
    '# The last long test run',
    '',
    `\`npm run test:long\` on commit \`${commit}\`, ${at.toISOString().slice(0, 10)}, ${cores} cores: **${summaryLine(steps)}**.`,
    '',
    'Beside everything that `npm test` runs, it repeats all browser tests without SharedWorker and a journey in Firefox and in WebKit, the',
    'integration, federation and browser tests with every database on PostgreSQL, integration and federation tests with the servers of the',
    'police ended, tries the policy with mutants, and starts the deployment of `docker-compose.yml` as local processes',
    '([production.md](production.md)).',
    '',
    markdownTable(['step', 'passed', 'failed', 'seconds'], rows),
    '',
  ].join('\n');
}

export async function writeLongRecord(steps: readonly StepResult[]): Promise<void> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  await writeFile(documentPath, longRecord(steps, commit, new Date(), availableParallelism()));
}
