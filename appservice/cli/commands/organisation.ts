import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { organisationSchema } from '#contract/organisation.ts';
import type { ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';

/** Writes the organisation in force as the files that `plan --aus` and the appservice read. */
export async function organisation(
  session: ApiSession,
  { subject: folder }: Call,
  write: (line: string) => void,
): Promise<void> {
  if (folder === undefined) throw new UsageError('organisation braucht den Ordner, in den es schreibt.');
  const { domain, roomClasses, bodies } = await session.read('/organisation', organisationSchema);
  await mkdir(join(folder, 'bodies'), { recursive: true });
  const files = [
    ['domain.yaml', domain],
    ['room-classes.yaml', roomClasses],
    ...bodies.map((body) => [join('bodies', `${body.id}.yaml`), body] as const),
  ] as const;
  for (const [name, content] of files) await writeFile(join(folder, name), stringify(content));
  write(`${files.length} Dateien geschrieben nach ${folder}.`);
}
