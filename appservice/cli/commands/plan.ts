import { planDetailSchema, plansSchema, proposalSchema } from '#contract/governance.ts';
import { formatDiagnostic } from '#appservice/organisation/diagnostic.ts';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import type { Call } from '../arguments.ts';
import { planDetailInWords, planInWords } from '../plan-in-words.ts';

/** Shows the plans that wait, or one; with `--aus` it proposes what a folder declares first. */
export async function plan(session: ApiSession, { subject, from }: Call, write: (line: string) => void): Promise<void> {
  const digest = from === undefined ? subject : await propose(session, from, write);
  if (digest === null) return;
  if (digest !== undefined) {
    write(planDetailInWords(await session.read(`/plans/${encodeURIComponent(digest)}`, planDetailSchema)));
    return;
  }
  const { plans } = await session.read('/plans', plansSchema);
  const waiting = plans.filter(({ state }) => state === 'awaiting-approval');
  write(waiting.length === 0 ? 'Kein Plan wartet auf Freigabe.' : waiting.map(planInWords).join('\n\n'));
}

/** null: there is no plan to show. */
async function propose(session: ApiSession, folder: string, write: (line: string) => void): Promise<string | null> {
  const declared = await loadOrganisation([folder]);
  if (!declared.ok) throw new RefusedError(declared.diagnostics.map(formatDiagnostic).join('\n'));
  const etag = (await session.send('/organisation')).headers.get('etag') ?? '';
  const request = { method: 'PUT', headers: { 'If-Match': etag }, body: declared.organisation } as const;
  const { revision, plan: digest } = await session.read('/organisation', proposalSchema, request);
  if (revision.state === 'approved') write('Das gilt schon: Es gibt nichts zu ändern.');
  else if (digest === null) write(`Fassung ${revision.number} ist eingereicht. Ihr Plan folgt in Kürze.`);
  return digest;
}
