/**
 * What a statement of the other side makes of an agreement. Pure. Whatever does not fit is refused as a whole, with a
 * reason for the audit trail; terms once heard never change.
 */
import type { OwnerStatement, PartnerStatement, Statement } from '#contract/agreement.ts';
import { botOf, serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { PartnerDeclaration } from '#contract/organisation.ts';
import { digestOf } from '../reconciler/plan.ts';
import { faultOfAnswer, type Agreement, type PartneredAgreement } from './agreement.ts';
import type { Act } from './agreement-book.ts';

export interface Hearing {
  readonly id: string;
  readonly statement: Statement;
  readonly speaker: PartnerDeclaration;
  /** The own trust domain and homeserver. */
  readonly own: {
    readonly domain: string;
    readonly server: ServerName;
    readonly isDeclared: (person: UserId) => boolean;
  };
}

/** null: nothing new. A text: why it counts for nothing. */
export function hear(hearing: Hearing, known: Agreement | undefined): Act | string | null {
  const { statement } = hearing;
  if (statement.role === 'owner') return hearOwner(hearing, statement, known);
  return hearPartner(hearing, statement, known);
}

function hearOwner(hearing: Hearing, statement: OwnerStatement, known: Agreement | undefined): Act | string | null {
  if (known === undefined) return statement.isOver ? null : receive(hearing, statement);
  if (known.role !== 'partner' || known.digest !== statement.digest) return 'the terms have changed';
  const { heard } = known;
  if (heard.isOver || isSame(heard, statement)) return null;
  if (heard.room !== null && statement.room !== heard.room) return 'the room has changed';
  const action = statement.isOver ? 'agreement.ended' : 'agreement.opened';
  return actOf(hearing, action, { ...known, heard: statement });
}

function receive(hearing: Hearing, statement: OwnerStatement): Act | string {
  const fault = faultOfTerms(hearing, statement);
  if (fault !== null) return fault;
  const { terms, digest } = statement;
  const people = terms.partnerUnits.length === 0 ? terms.partnerPeople : null;
  const known = { terms, digest, consents: [], end: null, closedAt: null };
  const agreement: PartneredAgreement = { role: 'partner', ...known, heard: statement, people };
  return actOf(hearing, 'agreement.received', agreement);
}

function faultOfTerms({ id, speaker, own }: Hearing, { terms, digest }: OwnerStatement): string | null {
  if (terms.id !== id || digest !== digestOf(terms)) return 'the terms are not what they are signed as';
  if (terms.owner !== speaker.domain || terms.partner !== own.domain) return 'the terms are of other trust domains';
  const foreign = terms.ownerPeople.filter((person) => serverNameOf(person) !== speaker.server);
  if (foreign.length > 0) return `${foreign.join(', ')} is not of ${speaker.server}`;
  const unknown = terms.partnerPeople.filter(
    (person) => serverNameOf(person) !== own.server || !own.isDeclared(person),
  );
  if (unknown.length > 0) return `${unknown.join(', ')} is not declared here`;
  return terms.partnerPeople.length + terms.partnerUnits.length === 0 ? 'it asks for nobody' : null;
}

function hearPartner(hearing: Hearing, statement: PartnerStatement, known: Agreement | undefined): Act | string | null {
  if (known?.role !== 'owner' || known.terms.partner !== hearing.speaker.domain) return 'nobody asked';
  const { heard } = known;
  if (heard?.isOver === true || (heard !== null && isSame(heard, statement))) return null;
  const fault = faultOfAnswer(statement, known, hearing.speaker.server);
  if (fault !== null) return fault;
  // Who was agreed on stays what the end is about.
  if (statement.isOver)
    return actOf(hearing, 'agreement.ended', { ...known, heard: { ...(heard ?? statement), isOver: true } });
  return heard === null
    ? actOf(hearing, 'agreement.answered', { ...known, heard: statement })
    : 'the people have changed';
}

function actOf({ speaker, statement }: Hearing, action: Act['entry']['action'], agreement: Agreement): Act {
  return { agreement, entry: { action, actor: botOf(speaker.server), detail: { statement } } };
}

function isSame(one: Statement, other: Statement): boolean {
  return digestOf(one) === digestOf(other);
}
