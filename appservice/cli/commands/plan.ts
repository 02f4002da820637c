import { planDetailSchema, plansSchema, proposalSchema, revisionSchema } from '#contract/governance.ts';
import type { Organisation } from '#contract/organisation.ts';
import { formatDiagnostic } from '#appservice/organisation/diagnostic.ts';
import { loadOrganisation } from '#appservice/organisation/load-organisation.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import type { Call } from '../arguments.ts';
import { planDetailInWords, planInWords } from '../plan-in-words.ts';

/** Shows the plans that wait, or one; before that it proposes what a folder declares, or an earlier revision. */
export async function plan(session: ApiSession, call: Call, write: (line: string) => void): Promise<void> {
  const wanted = await wantedBy(session, call);
  const digest = wanted === null ? call.subject : await propose(session, wanted, write);
  if (digest === null) return;
  if (digest !== undefined) {
    write(planDetailInWords(await session.read(`/plans/${encodeURIComponent(digest)}`, planDetailSchema)));
    return;
  }
  const { plans } = await session.read('/plans', plansSchema);
  const waiting = plans.filter(({ state }) => state === 'awaiting-approval');
  write(waiting.length === 0 ? 'Kein Plan wartet auf Freigabe.' : waiting.map(planInWords).join('\n\n'));
}

/** null: nothing is to be proposed. */
async function wantedBy(session: ApiSession, { from, backTo }: Call): Promise<Organisation | null> {
  if (backTo !== undefined) return (await session.read(`/revisions/${backTo}`, revisionSchema)).organisation;
  if (from === undefined) return null;
  const declared = await loadOrganisation([from]);
  if (!declared.ok) throw new RefusedError(declared.diagnostics.map(formatDiagnostic).join('\n'));
  return declared.organisation;
}

/** null: there is no plan to show. */
async function propose(
  session: ApiSession,
  organisation: Organisation,
  write: (line: string) => void,
): Promise<string | null> {
  const etag = (await session.send('/organisation')).headers.get('etag') ?? '';
  const request = { method: 'PUT', headers: { 'If-Match': etag }, body: organisation } as const;
  const { revision, plan: digest } = await session.read('/organisation', proposalSchema, request);
  if (revision.state === 'approved') write('Das gilt schon: Es gibt nichts zu ändern.');
  else if (digest === null) write(`Fassung ${revision.number} ist eingereicht. Ihr Plan folgt in Kürze.`);
  return digest;
}
