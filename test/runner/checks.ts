/**
 * The checks that need no server: format, lint, types, dead code, dependency rules. Each counts as one.
 */
import { runNode } from './run-command.ts';
import type { StepResult } from './report.ts';

interface Check {
  readonly name: string;
  readonly arguments: readonly string[];
}

const modules = 'node_modules';
/** Code whose global scope is another one: a service worker's, a browser's in tests, both a browser's and Node's. */
const otherGlobals = ['client/src/service-worker', 'test/e2e/media/page', 'test/engine'];

export const checks: readonly Check[] = [
  { name: 'format', arguments: [`${modules}/prettier/bin/prettier.cjs`, '--check', '.'] },
  {
    name: 'lint (TypeScript)',
    arguments: [`${modules}/oxlint/bin/oxlint`, '-c', '.oxlintrc.json', '--type-aware', '--deny-warnings'],
  },
  {
    name: 'lint (Svelte)',
    arguments: [
      `${modules}/eslint/bin/eslint.js`,
      '-c',
      'client/eslint.config.js',
      '--max-warnings',
      '0',
      'client/src',
    ],
  },
  { name: 'types (server, tests)', arguments: [`${modules}/@typescript/native/bin/tsc`, '-p', 'tsconfig.json'] },
  ...otherGlobals.map((folder) => ({
    name: `types (${folder})`,
    arguments: [`${modules}/@typescript/native/bin/tsc`, '-p', folder],
  })),
  {
    name: 'types (client)',
    arguments: [`${modules}/svelte-check/bin/svelte-check`, '--workspace', 'client', '--fail-on-warnings'],
  },
  {
    name: 'dependency rules',
    arguments: [
      `${modules}/dependency-cruiser/bin/dependency-cruiser.mjs`,
      '--config',
      '.dependency-cruiser.cjs',
      'appservice',
      'client/src',
      'client/serve',
      'client/build',
      'synapse-config',
      'test',
    ],
  },
  { name: 'nothing unused', arguments: [`${modules}/knip/bin/knip.js`, '--no-progress'] },
];

export async function runCheck(check: Check): Promise<StepResult> {
  const { exitCode, output, durationMs } = await runNode(check.arguments);
  return { name: check.name, passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, durationMs, output };
}
