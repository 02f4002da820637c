/** Agreements of a ministry and the police, as tests need them. */
import type { AgreementTerms, OwnerStatement, PartnerStatement } from '#contract/agreement.ts';
import { roomIdSchema, serverNameSchema, userIdOf, type UserId } from '#contract/ids.ts';
import { digestOf } from '../reconciler/plan.ts';
import type { PartnerDeclaration } from '#contract/organisation.ts';
import type { Consent, OwnedAgreement, PartneredAgreement } from './agreement.ts';

export const land = serverNameSchema.parse('land.hessen.test');
export const police = serverNameSchema.parse('polizei.hessen.test');
export const dayMs = 24 * 60 * 60 * 1000;
export const endsAt = Date.parse('2027-03-31T16:00:00.000Z');
export const jointRoom = roomIdSchema.parse('!verbund');

export const person = (name: string): UserId => userIdOf(name, land);

export const officer = (name: string): UserId => userIdOf(name, police);

export const terms: AgreementTerms = {
  id: '5f0d6d1e-8f0a-4c55-9a52-0c6a6f3f6f11',
  owner: 'land',
  partner: 'polizei',
  name: 'Hochwasser Eder',
  purpose: 'Gemeinsame Lage beim Hochwasser an der Eder.',
  endsAt: new Date(endsAt).toISOString(),
  ownerPeople: [person('jana.mueller'), person('uwe.adler')],
  partnerPeople: [officer('pia.streife')],
  partnerUnits: [],
};

export const digest = digestOf(terms);
export const proposal: OwnerStatement = { role: 'owner', terms, digest, room: null, isOver: false };
export const accepted: PartnerStatement = { role: 'partner', digest, people: [officer('pia.streife')], isOver: false };

export function ownedAgreement(changes: Partial<OwnedAgreement> = {}): OwnedAgreement {
  return { role: 'owner', terms, digest, consents: [], end: null, closedAt: null, heard: null, room: null, ...changes };
}

export function partneredAgreement(changes: Partial<PartneredAgreement> = {}): PartneredAgreement {
  const known = { terms, digest, consents: [], end: null, closedAt: null };
  return { role: 'partner', ...known, heard: proposal, people: accepted.people, ...changes };
}

export const twoConsents: readonly Consent[] = [
  { person: person('erste.person'), at: 1 },
  { person: person('zweite.person'), at: 2 },
];

const key = 'ed25519:a_test';
const fingerprint = 'a'.repeat(64);
const rosterKeys = ['A'.repeat(43)];
export const policePartner: PartnerDeclaration = {
  domain: 'polizei',
  name: 'Polizei Hessen',
  server: police,
  key,
  fingerprint,
  rosterKeys,
  through: land,
};
export const landPartner: PartnerDeclaration = {
  domain: 'land',
  name: 'Land Hessen',
  server: land,
  key,
  fingerprint,
  rosterKeys,
  through: police,
};
