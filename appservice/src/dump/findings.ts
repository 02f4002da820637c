import type { DraftFinding, DraftFindingKind } from '#contract/draft.ts';

/** Takes down what people must look at. `chosen`: what stands in the draft for it. */
export type Report = (kind: DraftFindingKind, subject: string, chosen?: string) => void;

export function createFindings(): { readonly report: Report; readonly findings: readonly DraftFinding[] } {
  const findings: DraftFinding[] = [];
  return { findings, report: (kind, subject, chosen) => void findings.push({ kind, subject, chosen: chosen ?? null }) };
}
