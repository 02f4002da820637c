import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryLock } from './lock.ts';
import { requireFreePorts } from './ports.ts';
import { findPython } from './python.ts';
import { basicServers } from './servers.ts';
import { startStack } from './stack.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-obstacles-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function fakePython(version: string): Promise<void> {
  const path = join(folder, 'python3');
  await writeFile(path, `#!/bin/sh\necho ${version}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('PATH', folder);
}

describe('Python', () => {
  it('missing in the PATH is told with the remedy', async () => {
    vi.stubEnv('PATH', folder);
    await expect(findPython()).rejects.toThrow('Python was not found in the PATH.');
    await expect(findPython()).rejects.toHaveProperty('remedy', expect.stringContaining('Install Python 3.10'));
  });

  it('too old is told with the version that was found', async () => {
    await fakePython('3.9');
    await expect(findPython()).rejects.toThrow('Python is too old (python3 is 3.9).');
  });

  it.each(['3.10', '3.14'])('%s will do', async (version) => {
    await fakePython(version);
    expect(await findPython()).toBe('python3');
  });
});

describe('a taken port', () => {
  it('is named before anything starts', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const check = requireFreePorts([port]);
    await expect(check).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken by another program.`);
    await expect(check).rejects.toHaveProperty('remedy', expect.stringContaining('--port-base'));
    other.close();
  });
});

describe('a second start in the same folder', () => {
  it('is refused while the first one lives, and touches nothing', async () => {
    const first = await tryLock(join(folder, 'stack.lock'));
    await expect(startStack({ folder, servers: basicServers })).rejects.toThrow(
      `already running in ${folder} (process ${process.pid})`,
    );
    expect(await readdir(folder)).toEqual(['stack.lock']);
    if (first.acquired) await first.release();
  });

  it('goes ahead when the first one was killed and left its lock', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'stack.lock'), JSON.stringify({ processId: process.pid, startedAt: 'another time' }));
    expect(await tryLock(join(folder, 'stack.lock'))).toMatchObject({ acquired: true });
  });
});

describe('the command line', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const run = (...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  it('lists its options', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const option of ['--with schule', '--with fremd', '--postgres', '--port-base', '--reset'])
      expect(stdout).toContain(option);
  });

  it('exits with 2 and one sentence for an option that does not exist', async () => {
    const { code, stderr } = await run('--bogus');
    expect(code).toBe(2);
    expect(stderr).toContain("Unknown option '--bogus'");
    expect(stderr).not.toContain('    at ');
  });
});
