import type { Diagnostic } from './diagnostic.ts';

/** null: the file is UTF-8. Read as UTF-8 all the same, another encoding would leave names with letters missing. */
export function faultOfEncoding(file: string, bytes: Buffer): Diagnostic | null {
  const line = firstLineThatIsNotUtf8(bytes);
  if (line === null) return null;
  const message = 'This line is not UTF-8; it may be Latin-1.';
  return { file, line, path: '', message, remedy: 'Save the file as UTF-8.' };
}

function firstLineThatIsNotUtf8(bytes: Buffer): number | null {
  for (let start = 0, line = 1; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    const text = bytes.subarray(start, end);
    if (!Buffer.from(text.toString('utf8'), 'utf8').equals(text)) return line;
    start = end;
  }
  return null;
}
