/** Snappy as in LevelDB's blocks and in what Chromium puts into IndexedDB (google/snappy, format_description.txt). */
import { ByteReader } from './bytes.ts';

const bytesMax = 64 * 2 ** 20;

/** Throws RangeError for what is none. */
export function unsnappy(compressed: Buffer): Buffer {
  const reader = new ByteReader(compressed);
  const length = reader.varint();
  if (length > bytesMax) throw new RangeError('no snappy: too long');
  const output = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const tag = reader.byte();
    const part = tag % 4 === 0 ? literal(reader, tag) : copied(reader, tag, output.subarray(0, at));
    if (at + part.length > length) throw new RangeError('no snappy: longer than it says');
    part.copy(output, at);
    at += part.length;
  }
  return output;
}

function literal(reader: ByteReader, tag: number): Buffer {
  const size = tag >> 2;
  return reader.take(1 + (size < 60 ? size : reader.number(size - 59)));
}

/** A copy may reach into itself: then it repeats. */
function copied(reader: ByteReader, tag: number, before: Buffer): Buffer {
  const isShort = tag % 4 === 1;
  const length = isShort ? 4 + ((tag >> 2) % 8) : 1 + (tag >> 2);
  const offset = isShort ? (tag >> 5) * 256 + reader.byte() : reader.number(tag % 4 === 2 ? 2 : 4);
  if (offset === 0 || offset > before.length) throw new RangeError('no snappy: copies what is not there');
  const source = before.subarray(before.length - offset);
  return Buffer.from(Array.from({ length }, (_, index) => source[index % offset] ?? 0));
}
