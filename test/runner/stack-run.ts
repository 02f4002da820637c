/** Suites on a stack that begins anew. */
import { rm } from 'node:fs/promises';
import { startStack, stackFilePath, type StackDatabase } from '#stack/stack.ts';
import { testStackOptions } from '../harness/test-stack.ts';
import type { StepResult } from './report.ts';
import { runPlaywright, runVitest, type SuiteOptions } from './suites.ts';

type Suite = (options: SuiteOptions) => Promise<StepResult>;

export interface StackRun {
  /** What is different about it, behind the name of each step; empty for the usual run. */
  readonly label: string;
  readonly database: StackDatabase;
  /** Processes of the stack that are ended before the suites begin, for good. */
  readonly away: readonly string[];
  /** One after the other; those that stand together, side by side. */
  readonly suites: readonly (readonly Suite[])[];
}

const realServers: Suite = (options) => runVitest(['integration', 'federation'], options);
/** They disturb nobody, and mostly wait: beside the browser's, which take the longest. */
const ownServers: Suite = ({ reportFolder }) => runVitest(['own servers'], { reportFolder });
const chromium: Suite = (options) => runPlaywright(options, 'chromium');

/** @param isLong with everything that only the long run looks at */
export function usualRun(isLong: boolean): StackRun {
  const withoutSharedWorker: Suite = (options) =>
    runPlaywright(options, 'without SharedWorker', isLong ? [] : ['e2e/journey']);
  const otherBrowsers: readonly (readonly Suite[])[] = [
    [(options) => runPlaywright(options, 'chromium, further looks')],
    [(options) => runPlaywright(options, 'firefox')],
    [(options) => runPlaywright(options, 'webkit')],
  ];
  const suites = [[realServers], [chromium, ownServers], [withoutSharedWorker], ...(isLong ? otherBrowsers : [])];
  return { label: '', database: 'sqlite', away: [], suites };
}

export const postgresRun: StackRun = {
  label: 'PostgreSQL',
  database: 'start-postgres',
  away: [],
  suites: [[realServers], [chromium]],
};

/** Tests that ask something of the police's own homeserver. */
const whatNeedsThePolice = [
  'test/integration/api.test.ts',
  'test/federation/wall/{incoming,members,outgoing,pushers,server-admin,symmetry}.test.ts',
];

/** Neither domain's normal work may stop because the other is away. */
export const policeAwayRun: StackRun = {
  label: 'police away',
  database: 'sqlite',
  away: ['appservice polizei.hessen.test', 'synapse polizei.hessen.test'],
  suites: [[(options) => runVitest(['integration', 'federation'], options, whatNeedsThePolice)]],
};

/**
 * Without a stack the suites count as one failure.
 * @param record called with each step as it ends
 */
export async function runOnStack(
  { label, database, away, suites }: StackRun,
  reportFolder: string,
  record: (step: StepResult) => void,
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
    const run = async (suite: Suite): Promise<void> => {
      const step = await suite({ reportFolder, stackFile: stackFilePath(options.folder) });
      record({ ...step, name: `${step.name}${suffix}` });
    };
    for (const together of suites) await Promise.all(together.map(run));
    await stack.stop();
  } catch (error) {
    record({ name, passed: 0, failed: 1, durationMs: took(), output: String(error) });
  }
}
