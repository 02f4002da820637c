/**
 * Looks for secrets in the folder of a browser profile: in every file as it is, in the records of LevelDB (IndexedDB,
 * web storage) with Snappy undone in blocks and in values, and in what the HTTP cache keeps compressed. Not looked at:
 * what the file system keeps of files that were deleted, and what the operating system swapped out.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync, type ZlibOptions } from 'node:zlib';
import { logContents, tableContents } from './level-db.ts';
import { SecretFinder } from './secret-finder.ts';
import type { Secret } from './secrets.ts';
import { unsnappy } from './snappy.ts';

/** `what in which file`, sorted, each once. */
export async function searchProfile(folder: string, secrets: readonly Secret[]): Promise<readonly string[]> {
  const finder = new SecretFinder(secrets);
  const found = (await filesIn(folder)).flatMap(({ name, bytes }) => {
    const views = [Buffer.from(name), ...viewsOf(name, bytes)];
    return [...finder.find(views)].map((secret) => `${secret} in ${name}`);
  });
  return found.toSorted();
}

/** Everything that is looked at below the folder, for tests that know a form of their own. */
export async function recordsOf(folder: string): Promise<readonly Buffer[]> {
  return (await filesIn(folder)).flatMap(({ name, bytes }) => viewsOf(name, bytes));
}

interface FoundFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A running browser deletes files while they are read. */
async function filesIn(folder: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => {
    const bytes = await readFile(path).catch(() => null);
    return bytes && { name: relative(folder, path), bytes };
  });
  return (await Promise.all(files)).filter((file) => file !== null);
}

function viewsOf(name: string, file: Buffer): Buffer[] {
  const records = name.endsWith('.ldb') ? tableContents(file) : name.endsWith('.log') ? logContents(file) : [];
  return [file, ...[file, ...records].flatMap(opened), ...records];
}

/** Chromium's mark of a value that is compressed (third_party/blink, idb_value_wrapping.cc). */
const snappyMark = Buffer.from('ff1102', 'hex');
const gzipMark = Buffer.from('1f8b08', 'hex');

function opened(bytes: Buffer): Buffer[] {
  const values = positionsOf(bytes, snappyMark).map((at) => attempt(() => unsnappy(bytes.subarray(at + 3))));
  const bodies = positionsOf(bytes, gzipMark).map((at) => attempt(() => gunzipSync(bytes.subarray(at), whatThereIs)));
  return [...values, ...bodies].filter((view) => view !== null);
}

/** What follows a compressed body in a file of the cache does not belong to it. */
const whatThereIs: ZlibOptions = { finishFlush: 2 };

export function positionsOf(bytes: Buffer, mark: Buffer): number[] {
  const positions: number[] = [];
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) positions.push(at);
  return positions;
}

function attempt(open: () => Buffer): Buffer | null {
  try {
    return open();
  } catch {
    return null;
  }
}
