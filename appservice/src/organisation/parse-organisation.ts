/** The whole declaration as one JSON value, as the API takes it: checked as its files would be. */
import { z } from 'zod';
import type { Diagnostic } from './diagnostic.ts';
import { assembleOrganisation, type LoadResult } from './load-organisation.ts';
import type { FileKind, SourceFile } from './source.ts';

const shapeSchema = z.strictObject({ domain: z.unknown(), roomClasses: z.unknown(), bodies: z.array(z.unknown()) });

/** Either the whole organisation, checked, or all faults at once; their `file` is the beginning of the path. */
export function parseOrganisation(input: unknown): LoadResult {
  const shape = shapeSchema.safeParse(input);
  if (!shape.success) return { ok: false, diagnostics: shape.error.issues.map(faultOf) };
  const { domain, roomClasses, bodies } = shape.data;
  return assembleOrganisation([
    partOf('domain', 'domain', domain),
    partOf('roomClasses', 'room-classes', roomClasses),
    ...bodies.map((body, index) => partOf(`bodies.${index}`, 'body', body)),
  ]);
}

function partOf(path: string, kind: FileKind, value: unknown): SourceFile {
  return { path, kind, value, placeOf: (valuePath) => ({ file: path, line: null, path: valuePath.join('.') }) };
}

function faultOf({ path, message }: z.core.$ZodIssue): Diagnostic {
  const remedy = 'Send an object with domain, roomClasses and bodies, as GET answers it.';
  return { file: path.join('.'), line: null, path: '', message, remedy };
}
