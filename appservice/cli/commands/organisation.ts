import { organisationSchema } from '#contract/organisation.ts';
import type { ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';
import { writeDeclaration } from '../write-declaration.ts';

/** Writes the organisation in force as files. */
export async function organisation(
  session: ApiSession,
  { subject: folder }: Call,
  write: (line: string) => void,
): Promise<void> {
  if (folder === undefined) throw new UsageError('organisation braucht den Ordner, in den es schreibt.');
  const inForce = await session.read('/organisation', organisationSchema);
  write(`${await writeDeclaration(folder, inForce)} Dateien geschrieben nach ${folder}.`);
}
