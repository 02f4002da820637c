/** A run as server-sent events (HTML Living Standard, "Server-sent events"). */
import type { Response } from 'express';
import type { Run } from '#contract/runs.ts';
import { ProblemError } from '../../problem-error.ts';

/** More often nobody can read it. */
const everyMs = 250;
/** Proxies close connections on which nothing comes for a minute. */
const keepAliveMs = 15_000;

/**
 * Sends `progress` whenever the run has come further, and `ended` as the last. `watch` calls back at once with the run
 * as it is; null: there is no such run.
 */
export async function streamRun(
  response: Response,
  watch: (onRun: (run: Run) => void) => Promise<(() => void) | null>,
): Promise<void> {
  const stream = createRunStream(response);
  const unwatch = await watch(stream.take);
  if (unwatch === null) throw new ProblemError('run.unknown', 'No run has this id.');
  response.once('close', () => {
    stream.close();
    unwatch();
  });
}

function createRunStream(response: Response): { take: (run: Run) => void; close: () => void } {
  let waiting: Run | null = null;
  let pause: NodeJS.Timeout | undefined;
  let keepAlive: NodeJS.Timeout | undefined;

  function open(): void {
    if (keepAlive !== undefined) return;
    // nginx would gather the events until its buffer is full.
    response.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' }).flushHeaders();
    keepAlive = setInterval(() => response.write(':\n\n'), keepAliveMs);
  }

  function send(event: 'ended' | 'progress', run: Run): void {
    response.write(`event: ${event}\ndata: ${JSON.stringify(run)}\n\n`);
  }

  function sendWaiting(): void {
    pause = undefined;
    if (waiting !== null) send('progress', waiting);
    waiting = null;
  }

  function close(): void {
    clearTimeout(pause);
    clearInterval(keepAlive);
  }

  return {
    close,
    take(run) {
      open();
      waiting = run;
      if (run.state === 'running') {
        pause ??= setTimeout(sendWaiting, everyMs);
        return;
      }
      close();
      send('ended', run);
      response.end();
    },
  };
}
