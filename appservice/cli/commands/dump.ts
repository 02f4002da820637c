import { draftSchema } from '#contract/draft.ts';
import type { ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';
import { findingsInWords } from '../findings-in-words.ts';
import { writeDeclaration } from '../write-declaration.ts';

/** Drafts an organisation from what the homeserver has, writes it as files, and says what people must look at. */
export async function dump(
  session: ApiSession,
  { subject: folder }: Call,
  write: (line: string) => void,
): Promise<void> {
  if (folder === undefined) throw new UsageError('dump braucht den Ordner, in den es schreibt.');
  const { organisation, findings } = await session.read('/organisation/draft', draftSchema);
  write(`${await writeDeclaration(folder, organisation)} Dateien geschrieben nach ${folder}.`);
  write(findings.length === 0 ? 'Der Entwurf sagt alles, was da ist.' : findingsInWords(findings));
}
