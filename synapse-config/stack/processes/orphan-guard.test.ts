import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';

const supervisorUrl = new URL('supervisor.ts', import.meta.url).href;

/** Starts a process under a supervisor and says its id. */
const stackInSmall = `
  import { createSupervisor } from ${JSON.stringify(supervisorUrl)};
  const supervisor = createSupervisor(() => undefined);
  await supervisor.start({
    name: 'child', command: process.execPath, args: ['-e', 'setInterval(() => undefined, 1000)'],
    logPath: '/dev/null', whenReady: async () => undefined,
  });
  console.log(supervisor.processIds().child);`;

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

it('ends the processes of a stack that was killed', async () => {
  const stack = spawn(process.execPath, ['--input-type=module', '-e', stackInSmall], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: stack.stdout }), 'line');
  const child = Number(line);
  expect(isAlive(child)).toBe(true);
  stack.kill('SIGKILL');
  while (isAlive(child)) await pause(20);
  expect(isAlive(child)).toBe(false);
});
