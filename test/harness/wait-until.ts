/**
 * Waiting for something that another process brings about. There is always an upper bound, and a sentence that says
 * what did not come.
 */
import { setTimeout as pause } from 'node:timers/promises';

const pollEveryMs = 50;

/**
 * Asks again and again until the answer is not undefined, and gives it.
 * Throws `<what> did not come within …` after the limit.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  limitMs = 30_000,
): Promise<T> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > endsAt) throw new Error(`${what} did not come within ${limitMs / 1000} s`);
    await pause(pollEveryMs);
  }
}
