/** The homeserver of the measured account: its limits and the wall's policy are lifted, so that only work takes time. */
import { join } from 'node:path';
import { startStack, type Stack } from '#stack/stack.ts';
import { terminalProgress } from '#stack/terminal.ts';
import { benchFolder, benchPortBase, land } from '../bench-stack.ts';

const free = { per_second: 100_000, burst_count: 100_000 };

const unlimited = {
  modules: null,
  rc_message: free,
  rc_login: { address: free, account: free, failed_attempts: free },
  rc_joins: { local: free, remote: free },
  rc_invites: { per_room: free, per_user: free, per_issuer: free },
  rc_room_creation: free,
};

export function accountFolder(rooms: number): string {
  return join(benchFolder, `client-${rooms}`);
}

/** Data of an earlier start are kept, and with them the account. */
export function startAccountStack(folder: string, portBase = benchPortBase): Promise<Stack> {
  return startStack({
    folder,
    portBase,
    servers: [land],
    overrides: new Map([[land, unlimited]]),
    onProgress: terminalProgress({ write: (text) => process.stderr.write(text) }),
  });
}
