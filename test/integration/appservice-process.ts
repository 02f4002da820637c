/** An appservice as a process of its own, which a test may kill. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#appservice/config.ts';
import { startOrphanGuard } from '#stack/processes/orphan-guard.ts';

const mainPath = fileURLToPath(new URL('../../appservice/src/main.ts', import.meta.url));

export interface AppserviceProcess {
  /** State as `/ready` says it; null while nothing answers. */
  state(): Promise<string | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Asks it to end. Answers its exit code. */
  end(): Promise<number | null>;
}

export async function startAppserviceProcess(configPath: string): Promise<AppserviceProcess> {
  const { api } = (await readConfig(configPath)).listen;
  const guard = startOrphanGuard();
  const child = spawn(process.execPath, [mainPath, '--config', configPath], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (child.pid !== undefined) guard.watch(child.pid);
  const exit = once(child, 'exit');
  async function endBy(signal: NodeJS.Signals): Promise<number | null> {
    child.kill(signal);
    await exit;
    guard.dismiss();
    return child.exitCode;
  }
  return {
    async state() {
      const answer = await fetch(`http://${api.host}:${api.port}/ready`).catch(() => null);
      return answer === null ? null : String(Object(await answer.json()).state);
    },
    async kill() {
      await endBy('SIGKILL');
    },
    end: () => endBy('SIGTERM'),
  };
}
