/**
 * Keys and values in the files of LevelDB, in which Chromium keeps IndexedDB and web storage: those that count, and
 * those that were overwritten or deleted and not yet cleared away (google/leveldb, doc/table_format.md, log_format.md).
 */
import { ByteReader } from './bytes.ts';
import { unsnappy } from './snappy.ts';

const footerBytes = 48;
const magic = Buffer.from('57fb808b247547db', 'hex');
const logBlockBytes = 32_768;
const logHeaderBytes = 7;
const [fullRecord, firstPart, , lastPart] = [1, 2, 3, 4];

/** Empty for what is no table. */
export function tableContents(file: Buffer): readonly Buffer[] {
  if (file.length < footerBytes || !file.subarray(-magic.length).equals(magic)) return [];
  const footer = new ByteReader(file.subarray(-footerBytes));
  readHandle(footer);
  const index = entriesOf(block(file, readHandle(footer)));
  return index.flatMap(({ value }) => entriesOf(block(file, readHandle(new ByteReader(value))))).flatMap(bytesOf);
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

const bytesOf = ({ key, value }: Entry): Buffer[] => [key, value];

function readHandle(reader: ByteReader): Handle {
  return { offset: reader.varint(), size: reader.varint() };
}

function block(file: Buffer, { offset, size }: Handle): Buffer {
  const bytes = file.subarray(offset, offset + size);
  const isCompressed = file[offset + size] === 1;
  return isCompressed ? unsnappy(bytes) : bytes;
}

/** Keys share their beginnings with the one before. */
function entriesOf(contents: Buffer): Entry[] {
  const restarts = contents.readUInt32LE(contents.length - 4);
  const reader = new ByteReader(contents.subarray(0, contents.length - 4 * (restarts + 1)));
  const entries: Entry[] = [];
  let before = Buffer.alloc(0);
  while (!reader.isAtEnd) {
    const [shared, own, length] = [reader.varint(), reader.varint(), reader.varint()];
    before = Buffer.concat([before.subarray(0, shared), reader.take(own)]);
    entries.push({ key: before, value: reader.take(length) });
  }
  return entries;
}

/** Whole records of a log, which lie in pieces in its blocks. The rest of a log that was cut off is left out. */
export function logContents(file: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  for (const { type, bytes } of piecesOf(file)) {
    if (type === fullRecord || type === firstPart) parts = [];
    parts.push(bytes);
    if (type === fullRecord || type === lastPart) records.push(Buffer.concat(parts));
  }
  return records;
}

function* piecesOf(file: Buffer): Generator<{ type: number; bytes: Buffer }> {
  for (let start = 0; start < file.length; start += logBlockBytes) {
    const contents = file.subarray(start, start + logBlockBytes);
    for (let at = 0; at + logHeaderBytes <= contents.length;) {
      const [length, type] = [contents.readUInt16LE(at + 4), contents[at + 6] ?? 0];
      if (type === 0) break;
      yield { type, bytes: contents.subarray(at + logHeaderBytes, at + logHeaderBytes + length) };
      at += logHeaderBytes + length;
    }
  }
}
