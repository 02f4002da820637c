import type { Diagnostic } from './diagnostic.ts';
import type { Path, SourceFile } from './source.ts';

/** Collects faults of one file. */
export interface Checker {
  report(path: Path, message: string, remedy: string): void;
  /** Reports every entry whose id stands there for the second time. */
  reportDuplicates(entries: readonly { readonly id: string; readonly path: Path }[], what: string): void;
}

/** Appends to `diagnostics`, which several checkers may share. */
export function createChecker(file: SourceFile, diagnostics: Diagnostic[]): Checker {
  function report(path: Path, message: string, remedy: string): void {
    diagnostics.push({ ...file.placeOf(path), message, remedy });
  }
  function reportDuplicates(entries: readonly { readonly id: string; readonly path: Path }[], what: string): void {
    const seen = new Set<string>();
    for (const { id, path } of entries) {
      if (seen.has(id)) report(path, `There is another ${what} with the id ${id}.`, 'Give one of the two another id.');
      seen.add(id);
    }
  }
  return { report, reportDuplicates };
}
