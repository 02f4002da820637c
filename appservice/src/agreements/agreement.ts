/**
 * One agreement as one side knows it, and what follows from that. Pure: the phase is never stored, it is computed from
 * who has consented, what the other side says and what the clock shows, so that no crash leaves it half changed.
 */
import type { AgreementPhase, AgreementTerms, OwnerStatement, PartnerStatement } from '#contract/agreement.ts';
import { serverNameOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';

/** On each side, so that nobody opens the wall alone. */
export const consentsNeeded = 2;

export interface Consent {
  readonly person: UserId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface AgreementEnd {
  /** Who of the own side. */
  readonly by: UserId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: string;
}

interface Known {
  readonly terms: AgreementTerms;
  /** Of the terms. */
  readonly digest: string;
  /** Of the own side, each person once, in their order. */
  readonly consents: readonly Consent[];
  /** Set when the own side has ended or declined it. */
  readonly end: AgreementEnd | null;
  /** When everything that ending takes was seen to be done, in milliseconds since 1970. */
  readonly closedAt: number | null;
}

/** The side that proposed and leads the room. `heard`: the newest statement of the other side. */
export interface OwnedAgreement extends Known {
  readonly role: 'owner';
  readonly heard: PartnerStatement | null;
  readonly room: RoomId | null;
}

export interface PartneredAgreement extends Known {
  readonly role: 'partner';
  readonly heard: OwnerStatement;
  /** The own people, once somebody has said who of the units it is. */
  readonly people: readonly UserId[] | null;
}

export type Agreement = OwnedAgreement | PartneredAgreement;

/** @param now milliseconds since 1970 */
export function phaseOf(agreement: Agreement, now: number): AgreementPhase {
  if (isOver(agreement, now)) return agreement.closedAt === null ? 'closing' : 'over';
  return agreement.role === 'owner' ? ownersPhase(agreement) : partnersPhase(agreement);
}

/** Either side ends it alone, and so does its date. Nothing brings it back. */
export function isOver({ end, heard, terms }: Agreement, now: number): boolean {
  return end !== null || heard?.isOver === true || now >= Date.parse(terms.endsAt);
}

function ownersPhase(agreement: OwnedAgreement): AgreementPhase {
  if (!isConsented(agreement)) return 'proposed';
  return agreement.heard === null ? 'sent' : 'open';
}

function partnersPhase(agreement: PartneredAgreement): AgreementPhase {
  const { consents, heard } = agreement;
  if (consents.length === 0) return 'received';
  if (!isConsented(agreement)) return 'half-accepted';
  return heard.room === null ? 'accepted' : 'open';
}

function isConsented({ consents }: Agreement): boolean {
  return consents.length >= consentsNeeded;
}

/** The partner's people as far as both sides know them; null while nobody has said who it is. */
export function partnerPeopleOf(agreement: Agreement): readonly UserId[] | null {
  return agreement.role === 'owner' ? (agreement.heard?.people ?? null) : agreement.people;
}

export interface Participants {
  readonly ownerPeople: readonly UserId[];
  readonly partnerPeople: readonly UserId[];
}

const nobody: Participants = { ownerPeople: [], partnerPeople: [] };

/** Who may be in the room at this moment: nobody unless it is open. */
export function participantsOf(agreement: Agreement, now: number): Participants {
  if (phaseOf(agreement, now) !== 'open') return nobody;
  return { ownerPeople: agreement.terms.ownerPeople, partnerPeople: partnerPeopleOf(agreement) ?? [] };
}

/** What the own side says to the other; null while it has nothing to say. That the end date has come, both see. */
export function statementOf(agreement: Agreement): OwnerStatement | PartnerStatement | null {
  const { digest, terms, end } = agreement;
  const over = end !== null;
  if (agreement.role === 'owner') {
    return isConsented(agreement) ? { role: 'owner', terms, digest, room: agreement.room, isOver: over } : null;
  }
  if (!isConsented(agreement)) return over ? declined(digest) : null;
  return { role: 'partner', digest, people: [...(agreement.people ?? [])], isOver: over };
}

function declined(digest: string): PartnerStatement {
  return { role: 'partner', digest, people: [], isOver: true };
}

/** Why what the partner says counts for nothing; null if it counts. */
export function faultOfAnswer(
  statement: PartnerStatement,
  { terms, digest }: Pick<OwnedAgreement, 'digest' | 'terms'>,
  partnerServer: ServerName,
): string | null {
  if (statement.digest !== digest) return 'it answers other terms';
  if (statement.isOver) return null;
  const foreign = statement.people.filter((person) => serverNameOf(person) !== partnerServer);
  if (foreign.length > 0) return `${foreign.join(', ')} is not of ${partnerServer}`;
  if (statement.people.length === 0) return 'it names nobody';
  const uncalled = statement.people.filter((person) => !terms.partnerPeople.includes(person));
  return uncalled.length > 0 && terms.partnerUnits.length === 0 ? `nobody asked for ${uncalled.join(', ')}` : null;
}
