/**
 * Tables in our own documents as data, so that checks can hold them against what they describe.
 */
export type Row = ReadonlyMap<string, string>;

/** Rows of every table whose first column has this heading; each row by column heading. */
export function tableRows(markdown: string, firstHeading: string): readonly Row[] {
  return tablesOf(markdown.split('\n'))
    .filter(([headings]) => headings?.[0] === firstHeading)
    .flatMap(([headings = [], , ...rows]) => rows.map((cells) => toRow(headings, cells)));
}

/** What stands in a cell, without the backticks around it. */
export function codeIn(row: Row, heading: string): string {
  return row.get(heading)?.replace(/^`(.*)`$/, '$1') ?? '';
}

function tablesOf(lines: readonly string[]): readonly (readonly (readonly string[])[])[] {
  const tables: string[][][] = [];
  lines.forEach((line, index) => {
    if (!line.startsWith('|')) return;
    if (!lines[index - 1]?.startsWith('|')) tables.push([]);
    tables.at(-1)?.push(cellsOf(line));
  });
  return tables;
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function toRow(headings: readonly string[], cells: readonly string[]): Row {
  return new Map(headings.map((heading, index) => [heading, cells[index] ?? '']));
}
