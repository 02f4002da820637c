/** The guard's process (orphan-guard.ts): lines `watch <pid>`, `forget <pid>`, `dismiss 0` come in on standard input. */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { signalGroup } from './supervisor.ts';

const gracePeriodMs = 5_000;
const watched = new Set<number>();

const orders: Readonly<Record<string, (processId: number) => void>> = {
  watch: (processId) => watched.add(processId),
  forget: (processId) => watched.delete(processId),
  dismiss: () => watched.clear(),
};

// Signals to the stack's terminal are the stack's business.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [order = '', processId] = line.split(' ');
  orders[order]?.(Number(processId));
}

for (const leader of watched) signalGroup(leader, 'SIGTERM');
if (watched.size > 0) await pause(gracePeriodMs);
for (const leader of watched) signalGroup(leader, 'SIGKILL');
