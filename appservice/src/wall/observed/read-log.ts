/**
 * Reads a log that is rotated by renaming (`name`, `name.2026-11-27` …) from where it was read last. A file is known by
 * its inode, which a renaming leaves as it is.
 */
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

/** Everything up to here has been read. */
export const logPositionSchema = z.object({
  /** Inode. */
  file: z.string(),
  /** Bytes from the file's beginning. */
  to: z.int().min(0),
});
export type LogPosition = z.infer<typeof logPositionSchema>;

export interface LoggedLine {
  readonly text: string;
  /** Behind the line. */
  readonly position: LogPosition;
}

/** All whole lines after `from`, those of rotated files first; everything that there is if `from` is null or gone. */
export async function* linesAfter(path: string, from: LogPosition | null): AsyncGenerator<LoggedLine> {
  const files = await openFrom(path, from);
  try {
    for (const { handle, file } of files) yield* linesOf(handle, { file, to: file === from?.file ? from.to : 0 });
  } finally {
    await Promise.all(files.map(({ handle }) => handle.close()));
  }
}

interface LogFile {
  readonly handle: FileHandle;
  readonly file: string;
}

/** The file of that position and all later ones, oldest first. */
async function openFrom(path: string, from: LogPosition | null): Promise<readonly LogFile[]> {
  // The current one first: if it is rotated meanwhile, it is found a second time, and nothing is missed.
  const current = await openIfPresent(path);
  if (current !== null && current.file === from?.file) return [current];
  const rotated = await Promise.all((await rotatedPaths(path)).map(openIfPresent));
  const found = [...rotated, current].filter((file) => file !== null);
  const files = found.filter(({ file }, index) => found.findIndex((other) => other.file === file) === index);
  const start = Math.max(
    0,
    files.findIndex(({ file }) => file === from?.file),
  );
  const wanted = files.slice(start);
  await Promise.all(found.filter((file) => !wanted.includes(file)).map(({ handle }) => handle.close()));
  return wanted;
}

async function rotatedPaths(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch(ifMissing([]));
  const rotated = names.filter((name) => name.startsWith(`${basename(path)}.`));
  return rotated.toSorted((one, other) => (one < other ? -1 : 1)).map((name) => join(dirname(path), name));
}

async function openIfPresent(path: string): Promise<LogFile | null> {
  const handle = await open(path).catch(ifMissing(null));
  return handle && { handle, file: String((await handle.stat({ bigint: true })).ino) };
}

function ifMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return instead;
    throw error;
  };
}

const chunkBytes = 65_536;
const lineEnd = 0x0a;

/** A last line without its end is still being written, and left for the next time. */
async function* linesOf(handle: FileHandle, { file, to }: LogPosition): AsyncGenerator<LoggedLine> {
  let unread = Buffer.alloc(0);
  let end = to;
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), { position: end + unread.length });
    if (bytesRead === 0) return;
    unread = Buffer.concat([unread, buffer.subarray(0, bytesRead)]);
    for (let index = unread.indexOf(lineEnd); index >= 0; index = unread.indexOf(lineEnd)) {
      end += index + 1;
      yield { text: unread.toString('utf8', 0, index), position: { file, to: end } };
      unread = unread.subarray(index + 1);
    }
  }
}
