/**
 * Runs one program of a test run and keeps what it prints, so that a run shows output only where something failed.
 */
import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly durationMs: number;
}

export interface CommandOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The own one unless told. */
  readonly workingFolder?: string;
  /** Also show the output while it comes. */
  readonly show?: boolean;
}

/** Runs `arguments_` with this very Node. */
export function runNode(arguments_: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runCommand(process.execPath, arguments_, options);
}

/** Never rejects: a program that cannot be started counts as failed, with the reason as its output. */
export function runCommand(
  program: string,
  arguments_: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, arguments_, {
      cwd: options.workingFolder,
      env: { ...process.env, ...options.environment, FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      if (options.show === true) process.stdout.write(chunk);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const finish = (exitCode: number): void => resolve({ exitCode, output, durationMs: performance.now() - startedAt });
    child.on('error', (error) => {
      output += error.message;
      finish(1);
    });
    child.on('close', (exitCode) => finish(exitCode ?? 1));
  });
}
