/** Waiting for a server that is starting. */
import { setTimeout as pause } from 'node:timers/promises';

/** Between two tries: while nobody listens, and while somebody answers "not yet". */
const pausesMs = { silent: 100, busy: 500 } as const;

/**
 * Resolves when `GET url` answers 2xx. Other answers are handed to `onWait`, for progress.
 * Rejects when the signal aborts.
 */
export async function untilAnswers(
  url: string,
  signal: AbortSignal,
  onWait?: (answer: Response) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const answer = await fetch(url, { signal }).catch(() => null);
    if (answer?.ok) {
      await answer.body?.cancel();
      return;
    }
    if (answer) await (onWait ? onWait(answer) : answer.body?.cancel());
    await pause(answer ? pausesMs.busy : pausesMs.silent, undefined, { signal });
  }
  signal.throwIfAborted();
}
