import { Transform, type TransformCallback } from 'node:stream';

/** Lets so many bytes through and ends there, however many come. */
export function onlyBytes(limit: number): Transform {
  let left = limit;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const passed = chunk.subarray(0, left);
      left -= passed.length;
      done(null, passed);
    },
  });
}
