import { deliveriesSchema, deliveriesVerificationSchema, type Deliveries } from '#contract/deliveries.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';

const pageEntries = 1_000;

/** A room's deliveries, or `verify`. */
export async function ledger(
  session: ApiSession,
  { subject, recipient }: Call,
  write: (line: string) => void,
): Promise<void> {
  if (subject === undefined) throw new UsageError('ledger braucht eine Raum-ID, oder verify.');
  if (subject === 'verify') return verify(session, write);
  const query = new URLSearchParams({ room: subject, ...(recipient !== undefined && { server: recipient }) });
  const { count } = await readPage(session, query, 0, 1);
  write(answerInWords(subject, recipient, count));
  for (let after = 0, shown = 0; shown < count;) {
    const { deliveries } = await readPage(session, query, after, pageEntries);
    for (const { at, server, way, event } of deliveries) write(`${at}  ${way}  ${server}  ${event}`);
    if (deliveries.length === 0) return;
    shown += deliveries.length;
    after = deliveries.at(-1)?.sequence ?? after;
  }
}

function readPage(session: ApiSession, query: URLSearchParams, after: number, limit: number): Promise<Deliveries> {
  return session.read(`/deliveries?${query.toString()}&after=${after}&limit=${limit}`, deliveriesSchema);
}

function answerInWords(room: string, recipient: string | undefined, count: number): string {
  const where = recipient ?? 'andere Server';
  if (count === 0) return `Aus ${room} wurde nie etwas an ${where} übergeben.`;
  return `Aus ${room} wurde an ${where} übergeben (${count}):`;
}

async function verify(session: ApiSession, write: (line: string) => void): Promise<void> {
  const { entries, firstBadSequence, head } = await session.read(
    '/deliveries/verification',
    deliveriesVerificationSchema,
  );
  if (firstBadSequence !== null)
    throw new RefusedError(`Das Übergabebuch ist verändert: Eintrag ${firstBadSequence} stimmt nicht.`);
  write(`Das Übergabebuch ist unversehrt (${entries} Einträge, Stand ${head}).`);
}
