/** What this suite needs of the machine; on Debian and Ubuntu one command installs it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const runFile = promisify(execFile);
const programs = ['ip', 'unshare', 'nsenter', 'setpriv', 'nginx', 'redis-server', 'redis-cli', 'curl', 'npm'];
const remedy = 'apt install iproute2 util-linux nginx-light redis-server postgresql curl';

/** Throws with all that is missing, and the remedy. */
export async function requirePrerequisites(): Promise<void> {
  const missing = await missingPrograms();
  if (missing.length > 0) throw new Error(`Missing: ${missing.join(', ')}. Install (Debian, Ubuntu): ${remedy}`);
  if (process.getuid?.() !== 0) throw new Error('Namespaces and bridges need root: run this suite as root.');
}

async function missingPrograms(): Promise<readonly string[]> {
  const checks = [
    ...programs.map((name) => ({ name, script: `command -v ${name}` })),
    { name: 'postgres', script: 'ls /usr/lib/postgresql/*/bin/postgres' },
  ];
  const found = await Promise.all(checks.map(({ script }) => runFile('sh', ['-c', script]).catch(() => null)));
  return checks.filter((_check, index) => found[index] === null).map(({ name }) => name);
}
