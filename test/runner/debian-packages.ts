/** Brings programs of Debian onto the machine, for what only the long run needs. */
import type { StepResult } from './report.ts';
import { runCommand } from './run-command.ts';

/** Installs packages of Debian that are missing; needs root, and says what to run where it is not. */
export async function ensureDebianPackages(packages: readonly string[]): Promise<StepResult> {
  const name = `Debian packages: ${packages.join(', ')}`;
  // As one shell command: `apt-get install` alone may know only old lists.
  const script = `dpkg --status ${packages.join(' ')} >/dev/null 2>&1 ||
    (apt-get update && apt-get install --yes --no-install-recommends ${packages.join(' ')})`;
  const { exitCode, output, durationMs } = await runCommand('sh', ['-c', script], {
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  const remedy = `${output}\nInstall them and run this again: apt install ${packages.join(' ')}`;
  return exitCode === 0
    ? { name, passed: 1, failed: 0, durationMs, output }
    : { name, passed: 0, failed: 1, durationMs, output: remedy };
}
