/**
 * Ends a stack's processes when the stack itself is killed and cannot do so. The guard is a process of its own that
 * reads from a pipe: the pipe's end is the stack's end, however it came about.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface OrphanGuard {
  watch(processId: number): void;
  forget(processId: number): void;
  /** Ends the guard; nothing is watched any more. */
  dismiss(): void;
}

export function startOrphanGuard(): OrphanGuard {
  const guard = spawn(process.execPath, [fileURLToPath(new URL('orphan-guard-main.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  // A guard that was killed from outside must not take the stack with it.
  guard.stdin.on('error', () => undefined);
  return {
    watch: (processId) => void guard.stdin.write(`watch ${processId}\n`),
    forget: (processId) => void guard.stdin.write(`forget ${processId}\n`),
    dismiss: () => void guard.stdin.end('dismiss 0\n'),
  };
}
