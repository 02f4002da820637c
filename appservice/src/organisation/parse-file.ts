import type { z } from 'zod';
import type { Located } from './declaration.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { SourceFile } from './source.ts';

/** What a file declares, or all that its schema finds wrong with it. */
export interface Parsed<Value> {
  readonly parsed: Located<Value> | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseFile<Schema extends z.ZodType>(file: SourceFile, schema: Schema): Parsed<z.output<Schema>> {
  const result = schema.safeParse(file.value);
  if (result.success) return { parsed: { file, value: result.data }, diagnostics: [] };
  return { parsed: null, diagnostics: result.error.issues.map((issue) => diagnosticOf(issue, file)) };
}

function diagnosticOf(issue: z.core.$ZodIssue, file: SourceFile): Diagnostic {
  return { ...file.placeOf(issue.path), message: issue.message, remedy: remedyOf(issue) };
}

/** A schema that knows better than the manual what to do says so. */
function remedyOf(issue: z.core.$ZodIssue): string {
  const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  return typeof remedy === 'string' ? remedy : 'Write the field as docs/organisation.md describes it.';
}
