import { planDetailSchema, planSummarySchema } from '#contract/governance.ts';
import type { ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';
import { placesInWords } from '../plan-in-words.ts';

/** Approves exactly the plan with the digest that was read. */
export async function approve(session: ApiSession, { subject }: Call, write: (line: string) => void): Promise<void> {
  if (subject === undefined) throw new UsageError('approve braucht die Prüfsumme des Plans.');
  const path = `/plans/${encodeURIComponent(subject)}`;
  const { state } = await session.read(`${path}/approval`, planSummarySchema, { method: 'POST' });
  if (state !== 'awaiting-approval') {
    write('Freigegeben. Der Plan wird umgesetzt; „apply“ zeigt, wie weit das ist.');
    return;
  }
  const { missing } = await session.read(path, planDetailSchema);
  write(`Freigegeben. Es fehlt noch die Freigabe für ${placesInWords(missing)}.`);
}
