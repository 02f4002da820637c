/** Locks between processes: a file that names its holder. The lock of a process that is gone counts for nothing. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readIfPresent } from './files.ts';

const holderSchema = z.object({
  processId: z.int().positive(),
  /** Tells the holder from a later process with the same id. */
  startedAt: z.string(),
});
type LockHolder = z.infer<typeof holderSchema>;

export type LockAttempt =
  { readonly acquired: true; release(): Promise<void> } | { readonly acquired: false; readonly holder: LockHolder };

const runFile = promisify(execFile);
const pauseMs = 200;

/** Takes the lock if nobody who is alive holds it. */
export async function tryLock(path: string): Promise<LockAttempt> {
  const self = { processId: process.pid, startedAt: (await startOf(process.pid)) ?? '' };
  while (!(await claim(path, self))) {
    const holder = await readHolder(path);
    if (holder && (await startOf(holder.processId)) === holder.startedAt) return { acquired: false, holder };
    await rm(path, { force: true });
  }
  return { acquired: true, release: () => rm(path, { force: true }) };
}

/** Waits for the lock, works, and gives it back. */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const attempt = await tryLock(path);
  if (!attempt.acquired) {
    await pause(pauseMs);
    return withLock(path, work);
  }
  try {
    return await work();
  } finally {
    await attempt.release();
  }
}

/** A link is made in one step and fails when the name is taken; the lock is never seen without its holder. */
async function claim(path: string, self: LockHolder): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(self));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<LockHolder | null> {
  const text = await readIfPresent(path);
  if (text === null) return null;
  const parsed = holderSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/** When a process started; null if there is none with that id. */
async function startOf(processId: number): Promise<string | null> {
  return process.platform === 'linux' ? startFromProc(processId) : startFromPs(processId);
}

/** proc(5): field 22 of stat, counted behind the command's closing parenthesis. */
async function startFromProc(processId: number): Promise<string | null> {
  const stat = await readIfPresent(`/proc/${processId}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function startFromPs(processId: number): Promise<string | null> {
  try {
    const { stdout } = await runFile('ps', ['-o', 'lstart=', '-p', String(processId)]);
    return stdout.trim();
  } catch {
    return null;
  }
}
