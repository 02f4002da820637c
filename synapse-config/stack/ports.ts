/** Checks that the ports a stack wants are free, before anything starts. */
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

const pauseMs = 250;

/** Throws a StackError that names the ports which something else has taken. */
export async function requireFreePorts(ports: readonly number[], patienceMs = 0): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let taken = await takenPorts(ports);
  while (taken.length > 0 && performance.now() < deadline) {
    await pause(pauseMs);
    taken = await takenPorts(taken);
  }
  if (taken.length === 0) return;
  throw new StackError(
    `${taken.length === 1 ? 'Port' : 'Ports'} ${taken.join(', ')} of 127.0.0.1 ${taken.length === 1 ? 'is' : 'are'} taken by another program.`,
    'End that program, or start with other ports: npm start -- --port-base 5800',
  );
}

async function takenPorts(ports: readonly number[]): Promise<readonly number[]> {
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_port, index) => !free[index]);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
