/**
 * `people/<body>.csv`: people of a body as a table, as personnel offices export it. Strict about how it is written: a
 * table that was read wrongly would take people out of their rooms.
 */
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Diagnostic } from './diagnostic.ts';
import type { SourceFile } from './source.ts';

const columns = ['id', 'name', 'unit', 'function', 'roles', 'conversationRole'] as const;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

const rowsSchema = z.array(z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.int() }) }));

/** Either the table, with the line of each person, or all that is wrong with it. */
export function parsePeopleTable(path: string, bytes: Buffer): (SourceFile | Diagnostic)[] {
  const fault = faultOfByteOrderMark(path, bytes) ?? faultOfHeader(path, bytes);
  if (fault !== null) return [fault];
  try {
    const options = { columns: true, info: true, skip_empty_lines: true, trim: true } as const;
    return [tableOf(path, rowsSchema.parse(parse(bytes, options)))];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines']) || null;
    return [faultAt(path, line, error.message, 'Give every row as many columns as the first one.')];
  }
}

function tableOf(path: string, rows: z.infer<typeof rowsSchema>): SourceFile {
  return {
    path,
    kind: 'people',
    value: { body: basename(path, '.csv'), people: rows.map(({ record }) => personOf(record)) },
    placeOf: ([list, index, ...rest]) => ({
      file: path,
      line: list === 'people' && typeof index === 'number' ? (rows[index]?.info.lines ?? null) : null,
      path: rest.join('.'),
    }),
  };
}

/** As it would stand in a body's file. An empty cell is a field that is left out. */
function personOf({ roles = '', ...cells }: Readonly<Record<string, string>>): Record<string, unknown> {
  const filled = Object.entries(cells).filter(([, text]) => text !== '');
  return { ...Object.fromEntries(filled), roles: roles.split(/\s+/).filter(Boolean).map(grantOf) };
}

/** `approver`, or `approver@hmdf/abteilung-3` for another place than the own body. */
function grantOf(text: string): unknown {
  const [role, scope] = text.split('@', 2);
  return scope === undefined ? role : { role, scope };
}

function faultOfByteOrderMark(path: string, bytes: Buffer): Diagnostic | null {
  if (!bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)) return null;
  return faultAt(path, 1, 'The file begins with a byte order mark.', 'Save it as UTF-8 without one (without BOM).');
}

function faultOfHeader(path: string, bytes: Buffer): Diagnostic | null {
  const [header = ''] = bytes.toString('utf8').split(/\r?\n/, 1);
  if (header.includes(';')) {
    return faultAt(path, 1, 'The columns are parted by semicolons.', 'Part them by commas.');
  }
  const names = header.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !columns.some((column) => column === name));
  const isUsable = unknown.length === 0 && names.includes('id') && names.includes('name');
  if (isUsable) return null;
  const message = `The first line must name the columns, and names ${names.join(', ')}.`;
  return faultAt(path, 1, message, `Name id and name, and of ${columns.slice(2).join(', ')} those that there are.`);
}

function faultAt(file: string, line: number | null, message: string, remedy: string): Diagnostic {
  return { file, line, path: '', message, remedy };
}
