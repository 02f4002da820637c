/** The homeserver of the measured account: its limits and the wall's policy are lifted, so that only work takes time. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack, type Stack } from '#stack/stack.ts';
import { terminalProgress } from '#stack/terminal.ts';
import { benchFolder, benchPortBase, land } from '../bench-stack.ts';

const historyModule = fileURLToPath(new URL('homeserver/bench_history.py', import.meta.url));
const free = { per_second: 100_000, burst_count: 100_000 };

const unlimited = {
  modules: [{ module: 'bench_history.BenchHistory', config: {} }],
  // The peers were measured with plain rooms; those that are to be encrypted say so.
  encryption_enabled_by_default_for_room_type: 'off',
  rc_message: free,
  rc_login: { address: free, account: free, failed_attempts: free },
  rc_joins: { local: free, remote: free },
  rc_invites: { per_room: free, per_user: free, per_issuer: free },
  rc_room_creation: free,
};

export function accountFolder(rooms: number): string {
  return join(benchFolder, `client-${rooms}`);
}

/** @param isKept whether the folder holds (a part of) the account; if not, whatever it holds is deleted */
export async function startAccountStack(folder: string, isKept: boolean, portBase = benchPortBase): Promise<Stack> {
  if (!isKept) await rm(folder, { recursive: true, force: true });
  await provideHistory(join(folder, land, 'homeserver'));
  return startStack({
    folder,
    portBase,
    servers: [land],
    overrides: new Map([[land, unlimited]]),
    onProgress: terminalProgress({ write: (text) => process.stderr.write(text) }),
  });
}

/** Python looks for modules in the folder that Synapse is started in. */
async function provideHistory(homeserverFolder: string): Promise<void> {
  await mkdir(homeserverFolder, { recursive: true });
  await copyFile(historyModule, join(homeserverFolder, 'bench_history.py'));
}
