/** One fault of the declaration, with what to do about it. All faults are reported at once. */
export interface Diagnostic {
  readonly file: string;
  /** Counted from 1; null where the fault has no place in the file. */
  readonly line: number | null;
  /** Path within the file, such as `people.3.unit`; empty for the file itself. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

/** One line for a terminal: `land/bodies/hmdf.yaml:12 people.3.unit: … → …` */
export function formatDiagnostic({ file, line, path, message, remedy }: Diagnostic): string {
  const place = line === null ? file : `${file}:${line}`;
  return `${path === '' ? place : `${place} ${path}`}: ${message} → ${remedy}`;
}
