import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';

interface Keyboard extends Readable {
  readonly isTTY?: boolean;
}

/** From the file if one is named, else the first line of standard input; at a terminal it asks and shows nothing typed. */
export async function readPassword(path: string | undefined, input: Keyboard, prompt: Writable): Promise<string> {
  if (path !== undefined) return firstLineOf(await readFile(path, 'utf8'));
  if (input.isTTY === true) prompt.write('Passwort: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: input.isTTY === true });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (input.isTTY === true) prompt.write('\n');
  }
}

function firstLineOf(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}
