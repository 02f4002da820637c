/**
 * Reads the declaration of one trust domain: every file by its schema first, then what holds across files.
 */
import type { z } from 'zod';
import {
  bodyFileSchema,
  trustDomainFileSchema,
  type BodyDeclaration,
  type Organisation,
} from '#contract/organisation.ts';
import { roomClassesSchema } from '#contract/room-class.ts';
import { addTables } from './add-tables.ts';
import { checkOrganisation } from './check-organisation.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parseFile, type Parsed } from './parse-file.ts';
import { readSources } from './source-file.ts';
import type { FileKind, SourceFile } from './source.ts';

export type LoadResult =
  | { readonly ok: true; readonly organisation: Organisation }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Loads files and folders. Either the whole organisation, checked, or all faults of all files at once.
 * Never throws for what stands in files.
 */
export async function loadOrganisation(paths: readonly string[]): Promise<LoadResult> {
  const { files, diagnostics } = await readSources(paths);
  return assembleOrganisation(files, diagnostics);
}

/** Checks files that were read; `diagnostics`: what could not be read. */
export function assembleOrganisation(
  files: readonly SourceFile[],
  diagnostics: readonly Diagnostic[] = [],
): LoadResult {
  const domain = takeOnly(files, 'domain', trustDomainFileSchema);
  const roomClasses = takeOnly(files, 'room-classes', roomClassesSchema);
  const declared = filesOf(files, 'body').map((file) => parseFile(file, bodyFileSchema));
  const bodies = addTables(declared, filesOf(files, 'people'));
  const faults = [...diagnostics, ...domain.diagnostics, ...roomClasses.diagnostics];
  faults.push(...bodies.flatMap((body) => body.diagnostics));
  const readable = bodies.flatMap((body) => body.parsed ?? []);
  // A body that could not be read would make every reference to it a second, misleading fault.
  const isComplete = readable.length === bodies.length && diagnostics.length === 0;
  faults.push(
    ...checkOrganisation({ domain: domain.parsed, roomClasses: roomClasses.parsed, bodies: readable, isComplete }),
  );
  if (faults.length > 0 || domain.parsed === null || roomClasses.parsed === null) {
    return { ok: false, diagnostics: faults.toSorted(byPlace) };
  }
  const organisation = {
    domain: domain.parsed.value,
    roomClasses: roomClasses.parsed.value,
    bodies: readable.map(({ value }) => value).toSorted(byId),
  };
  return { ok: true, organisation };
}

function filesOf(files: readonly SourceFile[], kind: FileKind): SourceFile[] {
  return files.filter((file) => file.kind === kind);
}

/** The one file of its kind; none or several are faults. */
function takeOnly<Schema extends z.ZodType>(
  files: readonly SourceFile[],
  kind: 'domain' | 'room-classes',
  schema: Schema,
): Parsed<z.output<Schema>> {
  const [file, ...others] = filesOf(files, kind);
  if (file === undefined) return { parsed: null, diagnostics: [missing(kind)] };
  const { parsed, diagnostics } = parseFile(file, schema);
  return { parsed, diagnostics: [...diagnostics, ...others.map((other) => superfluous(other, file))] };
}

function missing(kind: 'domain' | 'room-classes'): Diagnostic {
  return {
    file: `${kind}.yaml`,
    line: null,
    path: '',
    message: 'The declaration has no such file.',
    remedy: `Add a ${kind}.yaml to the paths under "organisation".`,
  };
}

function superfluous(file: SourceFile, first: SourceFile): Diagnostic {
  const message = `${first.path} declares the same already.`;
  return { file: file.path, line: null, path: '', message, remedy: 'Keep one of the two files.' };
}

function byPlace(one: Diagnostic, other: Diagnostic): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0);
}

/** The order of files must not change a revision's digest. */
function byId(one: BodyDeclaration, other: BodyDeclaration): number {
  return one.id < other.id ? -1 : 1;
}
