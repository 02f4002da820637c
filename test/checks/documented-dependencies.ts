/**
 * docs/dependencies.md as data.
 */
import { readFile } from 'node:fs/promises';
import { codeIn, tableRows } from './markdown-table.ts';

export interface DocumentedDependency {
  readonly name: string;
  readonly purpose: string;
  readonly reason: string;
  readonly licence: string;
}

const documentUrl = new URL('../../docs/dependencies.md', import.meta.url);

export async function readDocumentedDependencies(): Promise<readonly DocumentedDependency[]> {
  return tableRows(await readFile(documentUrl, 'utf8'), 'package').map((row) => ({
    name: codeIn(row, 'package'),
    purpose: row.get('what for') ?? '',
    reason: row.get('why this one') ?? '',
    licence: row.get('licence') ?? '',
  }));
}
