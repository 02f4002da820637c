/** An appservice as a process of its own, which a test may kill. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#appservice/config.ts';
import { waitUntil } from '#test/harness/wait-until.ts';
import { startOrphanGuard } from '#stack/processes/orphan-guard.ts';

const mainPath = fileURLToPath(new URL('../../appservice/src/main.ts', import.meta.url));

export interface AppserviceProcess {
  /** State as `/ready` says it; null while nothing answers. */
  state(): Promise<string | null>;
  /** Resolves when `/ready` says this state; rejects after `limitMs`. */
  untilState(state: string, limitMs?: number): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Asks it to end. Answers its exit code. */
  end(): Promise<number | null>;
}

const startMsMax = 90_000;

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
  async function readState(): Promise<string | null> {
    const answer = await fetch(`http://${api.host}:${api.port}/ready`).catch(() => null);
    return answer === null ? null : String(Object(await answer.json()).state);
  }
  return {
    state: readState,
    async untilState(wanted, limitMs = startMsMax) {
      const probe = async (): Promise<true | undefined> => ((await readState()) === wanted ? true : undefined);
      await waitUntil(`an appservice that is ${wanted}`, probe, limitMs);
    },
    async kill() {
      await endBy('SIGKILL');
    },
    end: () => endBy('SIGTERM'),
  };
}
