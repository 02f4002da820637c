/**
 * docs/dependencies.md as data: every table row that begins with a package's name in backticks.
 */
import { readFile } from 'node:fs/promises';

export interface DocumentedDependency {
  readonly name: string;
  readonly purpose: string;
  readonly reason: string;
  readonly licence: string;
}

const documentUrl = new URL('../../docs/dependencies.md', import.meta.url);

export async function readDocumentedDependencies(): Promise<readonly DocumentedDependency[]> {
  const text = await readFile(documentUrl, 'utf8');
  return text.split('\n').flatMap(parseRow);
}

function parseRow(line: string): readonly DocumentedDependency[] {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  const [nameCell, purpose, reason, licence] = cells;
  const name = nameCell?.match(/^`(.+)`$/)?.[1];
  if (!name || !purpose || !reason || !licence) return [];
  return [{ name, purpose, reason, licence }];
}
