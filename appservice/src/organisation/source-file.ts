/** Reads files of the declaration. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isNode, LineCounter, parseDocument, visit, type Alias, type Document } from 'yaml';
import type { Diagnostic } from './diagnostic.ts';
import { faultOfEncoding } from './encoding.ts';
import { parsePeopleTable } from './people-table.ts';
import type { FileKind, Path, SourceFile, SourcePlace } from './source.ts';

/** Reads a file, or every `*.yaml` and `*.csv` below a folder in the order of their names. What cannot be read is a diagnostic. */
export async function readSources(
  paths: readonly string[],
): Promise<{ files: SourceFile[]; diagnostics: Diagnostic[] }> {
  const found = (await Promise.all(paths.map(listFiles))).flat();
  const read = await Promise.all(found.map(async (entry) => (typeof entry === 'string' ? readSource(entry) : entry)));
  const results = read.flat();
  return {
    files: results.filter((result): result is SourceFile => 'kind' in result),
    diagnostics: results.filter((result): result is Diagnostic => 'remedy' in result),
  };
}

async function listFiles(path: string): Promise<(string | Diagnostic)[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    return names
      .filter((name) => name.endsWith('.yaml') || name.endsWith('.csv'))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    return [unreadable(path, error)];
  }
}

async function readSource(path: string): Promise<(SourceFile | Diagnostic)[]> {
  const kind = kindOf(path);
  if (kind === null) return [misplaced(path)];
  try {
    const bytes = await readFile(path);
    const fault = faultOfEncoding(path, bytes);
    if (fault !== null) return [fault];
    return kind === 'people' ? parsePeopleTable(path, bytes) : parseSource(path, kind, bytes.toString('utf8'));
  } catch (error) {
    return [unreadable(path, error)];
  }
}

function kindOf(path: string): FileKind | null {
  if (basename(path) === 'room-classes.yaml') return 'room-classes';
  if (basename(path) === 'domain.yaml') return 'domain';
  const folder = basename(dirname(path));
  if (path.endsWith('.csv')) return folder === 'people' ? 'people' : null;
  return folder === 'bodies' ? 'body' : null;
}

function parseSource(path: string, kind: FileKind, text: string): (SourceFile | Diagnostic)[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({
      file: path,
      line: error.linePos?.[0].line ?? null,
      path: '',
      message: firstLine(error.message),
      remedy: 'Correct the YAML at this line.',
    }));
  }
  const cycles = cyclesIn(document);
  if (cycles.length > 0) return cycles.map((alias) => cyclic(path, alias, lineCounter));
  const value: unknown = document.toJS();
  const placeOf = (valuePath: Path): SourcePlace => ({
    file: path,
    line: lineOf(document, lineCounter, valuePath),
    path: valuePath.join('.'),
  });
  return [{ path, kind, value, placeOf }];
}

/** Aliases of something that they stand within: as values they would have no end. */
function cyclesIn(document: Document): Alias[] {
  const cycles: Alias[] = [];
  visit(document, {
    Alias(_key, alias, above) {
      const source: unknown = alias.resolve(document);
      if (above.some((node) => node === source)) cycles.push(alias);
    },
  });
  return cycles;
}

function cyclic(path: string, alias: Alias, lineCounter: LineCounter): Diagnostic {
  return {
    file: path,
    line: alias.range ? lineCounter.linePos(alias.range[0]).line : null,
    path: '',
    message: `The alias *${alias.source} stands within what it names.`,
    remedy: 'Write out what belongs there, without the alias.',
  };
}

function lineOf(document: Document, lineCounter: LineCounter, path: Path): number | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return null;
}

function unreadable(path: string, error: unknown): Diagnostic {
  const message = error instanceof Error ? firstLine(error.message) : String(error);
  const remedy = 'Check that the path under "organisation" exists and may be read.';
  return { file: path, line: null, path: '', message, remedy };
}

function misplaced(path: string): Diagnostic {
  return {
    file: path,
    line: null,
    path: '',
    message: 'Nothing says what this file declares.',
    remedy: 'Name it room-classes.yaml or domain.yaml, or put it into a folder "bodies" (a table of people: "people").',
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
