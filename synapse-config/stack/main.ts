/** `npm start`: runs a stack in the foreground until Ctrl-C. Exit code 2: the command line was not understood. */
import { helpText, parseOptions, type StartOptions } from './options.ts';
import { defaultFolder, stackFilePath, startStack } from './stack.ts';
import { StackError } from './stack-error.ts';
import { errorText, terminalProgress, welcome } from './terminal.ts';

const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

function readOptions(): StartOptions | null {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(errorText(error));
    return null;
  }
}

/** Resolves with the exit code when the stack has ended. */
async function run(options: StartOptions): Promise<number> {
  const interruption = onInterrupt();
  const begun = performance.now();
  try {
    const stack = await startStack({ ...options, onProgress: terminalProgress(process.stdout), signal: interruption });
    process.stdout.write(welcome(stack.file, stackFilePath(defaultFolder), performance.now() - begun));
    const crash = await Promise.race([stack.crashed, aborted(interruption)]);
    if (crash) throw crash;
    process.stdout.write('\nStopping …\n');
    await stack.stop();
    return exitCodes.done;
  } catch (error) {
    if (interruption.aborted) return exitCodes.done;
    process.stderr.write(
      error instanceof StackError ? errorText(error) : `\n${String(error instanceof Error ? error.stack : error)}\n`,
    );
    return exitCodes.failed;
  }
}

/** Aborts at Ctrl-C, SIGTERM, a closed terminal, and when the bootstrap that started this process is gone. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new Error('Interrupted.'));
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, interrupt);
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

const options = readOptions();
if (!options) process.exitCode = exitCodes.usage;
else if (options.help) process.stdout.write(helpText);
else process.exit(await run(options));
