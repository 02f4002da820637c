import type { AgreementView } from '#contract/agreement.ts';
import { partnerPeopleOf, phaseOf, type Agreement } from './agreement.ts';

/** An agreement as the API tells it. @param now milliseconds since 1970 */
export function viewOf(agreement: Agreement, now: number): AgreementView {
  const { terms, digest, role, consents } = agreement;
  const partnerPeople = partnerPeopleOf(agreement);
  return {
    terms,
    digest,
    role,
    phase: phaseOf(agreement, now),
    consents: consents.map(({ person, at }) => ({ person, at: iso(at) })),
    partnerPeople: partnerPeople === null ? null : [...partnerPeople],
    room: agreement.role === 'owner' ? agreement.room : agreement.heard.room,
    end: endOf(agreement, now),
  };
}

function endOf({ end, heard, role, terms }: Agreement, now: number): AgreementView['end'] {
  if (end !== null) return { by: end.by, at: iso(end.at), reason: end.reason };
  if (heard?.isOver === true) return { by: role === 'owner' ? terms.partner : terms.owner, at: null, reason: '' };
  return now >= Date.parse(terms.endsAt) ? { by: 'end-date', at: terms.endsAt, reason: '' } : null;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
