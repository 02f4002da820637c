import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linesAfter, type LogPosition } from './read-log.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbote-log-'));
  path = join(folder, 'refusals.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function read(from: LogPosition | null): Promise<{ lines: string[]; end: LogPosition | null }> {
  const lines: string[] = [];
  let end = from;
  for await (const { text, position } of linesAfter(path, from)) {
    lines.push(text);
    end = position;
  }
  return { lines, end };
}

test('a log that is not there has no lines', async () => {
  expect(await read(null)).toEqual({ lines: [], end: null });
});

test('goes on behind the last line, and leaves one that is still being written', async () => {
  await writeFile(path, 'eins\nzwei\ndr');
  const first = await read(null);
  expect(first.lines).toEqual(['eins', 'zwei']);
  await appendFile(path, 'ei\nvier\n');
  expect((await read(first.end)).lines).toEqual(['drei', 'vier']);
});

test('reads to the end of a rotated file before the new one, across several days', async () => {
  await writeFile(path, 'eins\n');
  const { end } = await read(null);
  await appendFile(path, 'zwei\n');
  await rename(path, `${path}.2026-11-26`);
  await writeFile(path, 'drei\n');
  await rename(path, `${path}.2026-11-27`);
  await writeFile(path, 'vier\n');
  const later = await read(end);
  expect(later.lines).toEqual(['zwei', 'drei', 'vier']);
  expect((await read(later.end)).lines).toEqual([]);
});

test('while a rotation is under way nothing is missed', async () => {
  await writeFile(path, 'eins\n');
  const { end } = await read(null);
  await appendFile(path, 'zwei\n');
  await rename(path, `${path}.2026-11-27`);
  const between = await read(end);
  expect(between.lines).toEqual(['zwei']);
  await writeFile(path, 'drei\n');
  expect((await read(between.end)).lines).toEqual(['drei']);
});

test('reads everything that there is, if the file it had read is gone', async () => {
  await writeFile(`${path}.2026-11-27`, 'eins\n');
  await writeFile(path, 'zwei\n');
  expect((await read({ file: 'gone', to: 7 })).lines).toEqual(['eins', 'zwei']);
});

test('lines longer than what is read at once stay whole', async () => {
  const long = 'ä'.repeat(100_000);
  await writeFile(path, `${long}\n${long}\n`);
  expect((await read(null)).lines).toEqual([long, long]);
});
