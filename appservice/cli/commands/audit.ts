import { auditRowsSchema, auditVerificationSchema } from '#contract/governance.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';

const pageRows = 1_000;

/** `verify`, `export`, `checkpoint`. */
export async function audit(
  session: ApiSession,
  { subject, isCsv }: Call,
  write: (line: string) => void,
): Promise<void> {
  if (subject === 'verify') return verify(session, write);
  if (subject === 'export') return isCsv ? exportCsv(session, write) : exportRows(session, write);
  if (subject === 'checkpoint') {
    write((await (await session.send('/audit/checkpoint')).text()).trimEnd());
    return;
  }
  throw new UsageError('audit kennt verify, export und checkpoint.');
}

async function verify(session: ApiSession, write: (line: string) => void): Promise<void> {
  const { rows, firstBadSequence } = await session.read('/audit/verification', auditVerificationSchema);
  if (firstBadSequence !== null)
    throw new RefusedError(`Das Protokoll ist verändert: Zeile ${firstBadSequence} stimmt nicht.`);
  write(`Das Protokoll ist unversehrt (${rows} Zeilen).`);
}

/** One JSON object a line, up to the rows that were there when it began. */
async function exportRows(session: ApiSession, write: (line: string) => void): Promise<void> {
  let after = 0;
  for (;;) {
    const { rows } = await session.read(`/audit?after=${after}&limit=${pageRows}`, auditRowsSchema);
    for (const row of rows) write(JSON.stringify(row));
    after = rows.at(-1)?.sequence ?? after;
    if (rows.length < pageRows) return;
  }
}

async function exportCsv(session: ApiSession, write: (line: string) => void): Promise<void> {
  const { rows } = await session.read('/audit/verification', auditVerificationSchema);
  for (let after = 0; after < rows; after += pageRows) {
    const page = await (await session.send(`/audit.csv?after=${after}&limit=${pageRows}`)).text();
    const lines = page.trimEnd().split('\r\n');
    for (const line of after === 0 ? lines : lines.slice(1)) write(line);
  }
}
