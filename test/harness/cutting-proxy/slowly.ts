import { setTimeout as pause } from 'node:timers/promises';

/** Lets bytes through no faster than this. */
export function slowly(bytesPerSecond: number) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      await pause((chunk.length / bytesPerSecond) * 1000);
      yield chunk;
    }
  };
}
