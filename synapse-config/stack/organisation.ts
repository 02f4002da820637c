/** The declaration of a stack's trust domain, read and checked as the appservice does it. */
import { formatDiagnostic } from '#appservice/organisation/diagnostic.ts';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import type { Organisation } from '#contract/organisation.ts';
import { roomClassesPath } from './servers.ts';
import { StackError } from './stack-error.ts';

/** Throws a StackError that lists every fault of the files. */
export async function readOrganisation(folder: string): Promise<Organisation> {
  const result = await loadOrganisation([roomClassesPath, folder]);
  if (result.ok) return result.organisation;
  throw new StackError(
    `The organisation in ${folder} has ${result.diagnostics.length} fault(s).`,
    result.diagnostics.map(formatDiagnostic).join('\n'),
  );
}
