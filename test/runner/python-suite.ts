/** Runs the tests of our own Synapse modules, which start a homeserver of their own. */
import { fileURLToPath } from 'node:url';
import { pythonFolder } from '#stack/bring-up.ts';
import { modulesFolder } from '#stack/parts/homeserver.ts';
import { ensurePythonEnvironment, synapseEnvironment } from '#stack/python.ts';
import type { StepResult } from './report.ts';
import { runCommand, type CommandResult } from './run-command.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export async function runPythonTests(): Promise<StepResult> {
  const python = await ensurePythonEnvironment(synapseEnvironment(pythonFolder), () => undefined);
  const discovery = ['-B', '-m', 'unittest', 'discover', '--top-level-directory', modulesFolder];
  const result = await runCommand(python, [...discovery, '--start-directory', `${modulesFolder}/tests`], {
    workingFolder: repository,
  });
  const { output, durationMs } = result;
  return { name: 'tests: Synapse modules', ...countsOf(result), output, durationMs };
}

/** A skipped test proves nothing, and a suite that ran no test at all has failed. */
export function countsOf({ exitCode, output }: CommandResult): Pick<StepResult, 'passed' | 'failed'> {
  const ran = Number(/^Ran (\d+) tests? in /m.exec(output)?.[1] ?? 0);
  const troubles = [...output.matchAll(/(?:failures|errors|skipped|unexpected successes)=(\d+)/g)];
  const failed = troubles.reduce((sum, [, count]) => sum + Number(count), 0);
  const isFailed = exitCode !== 0 || ran === 0;
  return { passed: Math.max(0, ran - failed), failed: isFailed ? Math.max(1, failed) : failed };
}
