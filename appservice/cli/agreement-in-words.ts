/** Agreements as readable text: what is agreed, with whom, how far it is, and what somebody can do. */
import type { AgreementPhase, AgreementView } from '#contract/agreement.ts';

const phases: Readonly<Record<AgreementPhase, string>> = {
  proposed: 'wartet auf die zweite Person der eigenen Seite',
  sent: 'wartet auf die andere Seite',
  received: 'wartet auf zwei Personen der eigenen Seite',
  'half-accepted': 'wartet auf die zweite Person der eigenen Seite',
  accepted: 'angenommen; die andere Seite öffnet den Raum',
  open: 'offen',
  closing: 'wird geschlossen',
  over: 'beendet',
};

export function agreementInWords(agreement: AgreementView): string {
  const { terms, digest, role, phase, consents, partnerPeople, end } = agreement;
  const asked = [...terms.partnerPeople, ...terms.partnerUnits];
  return [
    `${terms.name} – ${phases[phase]}`,
    `  Zweck:      ${terms.purpose}`,
    `  Seiten:     ${terms.owner} (führt), ${terms.partner}${role === 'owner' ? '' : ' (eigene)'}`,
    `  bis:        ${inWords(terms.endsAt)}`,
    `  ${terms.owner}: ${terms.ownerPeople.join(', ')}`,
    `  ${terms.partner}: ${partnerPeople === null ? `angefragt: ${asked.join(', ')}` : partnerPeople.join(', ')}`,
    ...consents.map(({ person, at }) => `  zugestimmt: ${person}, ${inWords(at)}`),
    ...(end === null
      ? []
      : [`  beendet:    ${end.by}${end.at === null ? '' : `, ${inWords(end.at)}`} ${end.reason}`.trimEnd()]),
    `  Kennung:    ${terms.id}`,
    `  Prüfsumme:  ${digest}`,
  ].join('\n');
}

function inWords(iso: string): string {
  return new Date(iso).toLocaleString('de-DE', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Berlin' });
}
