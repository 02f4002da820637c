/** A file of the declaration, parsed but not yet checked, with the way back from a value to its line. */
import type { Diagnostic } from './diagnostic.ts';

export type Path = readonly PropertyKey[];

/** What a file declares, as its place in the folder says. */
export type FileKind = 'room-classes' | 'domain' | 'body' | 'people';

/** Where a value stands. */
export type SourcePlace = Pick<Diagnostic, 'file' | 'line' | 'path'>;

export interface SourceFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly value: unknown;
  /** Where the value at `path` stands, or the nearest one above it that exists. */
  placeOf(path: Path): SourcePlace;
}
