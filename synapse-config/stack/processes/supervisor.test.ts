import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StackError } from '../stack-error.ts';
import { createSupervisor, type ProcessDescription, type Supervisor } from './supervisor.ts';

let folder: string;
let supervisor: Supervisor;
let crash: Promise<StackError>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-processes-'));
  crash = new Promise((resolve) => (supervisor = createSupervisor(resolve)));
});
afterEach(async () => {
  await supervisor.stopAll();
  await rm(folder, { recursive: true });
});

const runsForever = 'setInterval(() => undefined, 1000);';
const startsGrandchild = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(runsForever)}]);
  require('node:fs').writeFileSync('grandchild', String(child.pid));`;

function description(name: string, script: string, ready = async (): Promise<void> => undefined): ProcessDescription {
  const logPath = join(folder, `${name}.log`);
  return { name, command: process.execPath, args: ['-e', script], cwd: folder, logPath, whenReady: ready };
}

async function untilWritten(file: string, signal: AbortSignal): Promise<void> {
  while (!(await readFile(join(folder, file), 'utf8').catch(() => ''))) await pause(20, undefined, { signal });
}

function isAlive(processId: number | undefined): boolean {
  try {
    return process.kill(processId ?? Number.NaN, 0);
  } catch {
    return false;
  }
}

async function untilDead(processId: number): Promise<void> {
  while (isAlive(processId)) await pause(20);
}

describe('supervisor', () => {
  it('ends a process together with what that process started', async () => {
    const parent = description('parent', startsGrandchild + runsForever, () =>
      untilWritten('grandchild', AbortSignal.timeout(10_000)),
    );
    await supervisor.start(parent);
    const { parent: processId } = supervisor.processIds();
    const grandchild = Number(await readFile(join(folder, 'grandchild'), 'utf8'));
    expect(isAlive(grandchild)).toBe(true);
    await supervisor.stopAll();
    await untilDead(grandchild);
    expect(isAlive(processId)).toBe(false);
    expect(supervisor.processIds()).toEqual({});
  });

  it('reports a process that ends by itself, with its name, exit code, log and last lines', async () => {
    const script =
      "require('node:fs').writeFileSync('up', 'yes'); setTimeout(() => { console.error('no space left'); process.exit(3); }, 50);";
    await supervisor.start(description('fragile', script, () => untilWritten('up', AbortSignal.timeout(10_000))));
    const error = await crash;
    expect(error.message).toBe('fragile ended unexpectedly (exit code 3).');
    expect(error.remedy).toContain(join(folder, 'fragile.log'));
    expect(error.remedy).toContain('no space left');
  });

  it('refuses the start of a process that ends before it is ready', async () => {
    const start = supervisor.start(
      description('stillborn', "console.log('bad config'); process.exit(2)", () => new Promise(() => undefined)),
    );
    await expect(start).rejects.toThrow('stillborn ended unexpectedly (exit code 2).');
    await expect(start).rejects.toHaveProperty('remedy', expect.stringContaining('bad config'));
    expect(supervisor.processIds()).toEqual({});
  });

  it('says which program is missing when a process cannot be started', async () => {
    const missing = { ...description('missing', ''), command: '/no/such/program' };
    await expect(supervisor.start(missing)).rejects.toThrow(StackError);
    await expect(supervisor.start(missing)).rejects.toHaveProperty(
      'remedy',
      expect.stringContaining('/no/such/program'),
    );
  });

  it('starts a stopped process again, as a new process', async () => {
    await supervisor.start(description('again', runsForever));
    const { again: first } = supervisor.processIds();
    await supervisor.stop('again');
    expect(isAlive(first)).toBe(false);
    await supervisor.startAgain('again');
    const { again: second } = supervisor.processIds();
    expect(second).not.toBe(first);
    expect(isAlive(second)).toBe(true);
  });

  it('starts nothing once it stops', async () => {
    await supervisor.stopAll();
    await expect(supervisor.start(description('late', runsForever))).rejects.toThrow('late is not started');
  });

  it('leaves nothing running when it stops while a process is being launched', async () => {
    const launching = supervisor.start(description('hasty', runsForever, () => new Promise(() => undefined)));
    const outcome = expect(launching).rejects.toThrow('hasty ended unexpectedly');
    await supervisor.stopAll();
    await outcome;
    expect(supervisor.processIds()).toEqual({});
  });
});
