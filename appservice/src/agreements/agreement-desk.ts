/** What people of the own side do with agreements: propose, consent, end. Two of them, each with authority over whom it concerns. */
import { randomUUID } from 'node:crypto';
import type { AgreementTerms, NewAgreement } from '#contract/agreement.ts';
import { serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { MemberRule, Organisation } from '#contract/organisation.ts';
import { authorityOf } from '../authority/authority.ts';
import { createAtlas, outermost, type Place } from '../authority/place.ts';
import { buildDirectory, userIdsOfRules } from '../organisation/directory.ts';
import { partnersOf } from '../reconciler/agreed-rooms.ts';
import { digestOf } from '../reconciler/plan.ts';
import { consentsNeeded, isOver, type Agreement, type Consent } from './agreement.ts';
import type { Act, AgreementBook } from './agreement-book.ts';

export type AgreementRefusal =
  | 'agreement.unknown'
  | 'agreement.stale'
  | 'agreement.over'
  | 'agreement.consented-already'
  | 'agreement.people-missing'
  | 'agreement.people-invalid'
  | 'agreement.date-invalid'
  | 'partner.unknown'
  | 'scope.exceeded';

export interface AgreementDesk {
  list(): readonly Agreement[];
  propose(wanted: NewAgreement, author: UserId): Promise<Agreement | AgreementRefusal>;
  /** `digest` names the terms that the person has read. */
  consent(
    id: string,
    digest: string,
    members: readonly MemberRule[] | undefined,
    person: UserId,
  ): Promise<Agreement | AgreementRefusal>;
  /** From this moment nobody of the two sides meets in it, whatever the other side says. */
  end(id: string, reason: string, person: UserId): Promise<Agreement | AgreementRefusal>;
}

export interface AgreementDeskOptions {
  readonly book: AgreementBook;
  readonly serverName: ServerName;
  /** The declaration in force at this moment. */
  readonly organisation: () => Organisation;
  /** Something is to be said to the other side, or to be done to a room. */
  readonly onChange: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAgreementDesk({ book, onChange, ...context }: AgreementDeskOptions): AgreementDesk {
  async function act(
    id: string,
    decide: (known: Agreement) => Act | AgreementRefusal,
  ): Promise<Agreement | AgreementRefusal> {
    const outcome = await book.act(id, (known) => (known === undefined ? 'agreement.unknown' : decide(known)));
    if (outcome === null) return 'agreement.unknown';
    onChange();
    return outcome;
  }

  return {
    list: () => book.all(),
    async propose(wanted, author) {
      const terms = termsOf(wanted, context);
      if (typeof terms === 'string') return terms;
      if (!mayDecide(terms.ownerPeople, author, 'provisioner', context)) return 'scope.exceeded';
      const consents = [{ person: author, at: context.now() }];
      const known = { terms, digest: digestOf(terms), consents, end: null, closedAt: null };
      const agreement: Agreement = { role: 'owner', ...known, heard: null, room: null };
      const entry = { action: 'agreement.proposed', actor: author, detail: { terms } } as const;
      await book.act(terms.id, () => ({ agreement, entry }));
      return agreement;
    },
    consent: (id, digest, members, person) =>
      act(id, (known) => (known.digest === digest ? consentTo(known, members, person, context) : 'agreement.stale')),
    end: (id, reason, person) => act(id, (known) => endOf(known, reason, person, context)),
  };
}

type Context = Pick<AgreementDeskOptions, 'now' | 'organisation' | 'serverName'>;

/** Sorted and frozen: who comes into a unit later does not come into the agreement. */
function termsOf(wanted: NewAgreement, context: Context): AgreementTerms | AgreementRefusal {
  const { members, endsAt, partner: domain, ...named } = wanted;
  const organisation = context.organisation();
  const partner = partnersOf(organisation, context.serverName).find((declared) => declared.domain === domain);
  if (partner === undefined) return 'partner.unknown';
  if (Date.parse(endsAt) <= context.now()) return 'agreement.date-invalid';
  const partnerPeople = [...new Set(named.partnerPeople)].toSorted();
  const ownerPeople = peopleOf(members, context);
  const isForeign = partnerPeople.some((person) => serverNameOf(person) !== partner.server);
  if (isForeign || !isFromHere(ownerPeople, context)) return 'agreement.people-invalid';
  if (ownerPeople.length === 0 || partnerPeople.length + named.partnerUnits.length === 0)
    return 'agreement.people-missing';
  return {
    id: randomUUID(),
    owner: organisation.domain.id,
    partner: domain,
    endsAt,
    ...named,
    ownerPeople,
    partnerPeople,
  };
}

function consentTo(
  known: Agreement,
  members: readonly MemberRule[] | undefined,
  person: UserId,
  context: Context,
): Act | AgreementRefusal {
  if (isOver(known, context.now())) return 'agreement.over';
  if (known.consents.some((consent) => consent.person === person)) return 'agreement.consented-already';
  if (known.consents.length >= consentsNeeded) return 'agreement.consented-already';
  const people = known.role === 'owner' ? known.terms.ownerPeople : ownPeopleOf(known.people, members, context);
  if (people.length === 0) return 'agreement.people-missing';
  if (!isFromHere(people, context)) return 'agreement.people-invalid';
  if (!mayDecide(people, person, 'approver', context)) return 'scope.exceeded';
  const consents: Consent[] = [...known.consents, { person, at: context.now() }];
  const agreement = known.role === 'owner' ? { ...known, consents } : { ...known, consents, people };
  return {
    agreement,
    entry: { action: 'agreement.consented', actor: person, detail: { digest: known.digest, people } },
  };
}

/** Once the first person has said who of the units it is, the second consents to exactly these. */
function ownPeopleOf(
  named: readonly UserId[] | null,
  members: readonly MemberRule[] | undefined,
  context: Context,
): readonly UserId[] {
  return named ?? peopleOf(members ?? [], context);
}

function endOf(known: Agreement, reason: string, by: UserId, context: Context): Act | AgreementRefusal {
  const at = context.now();
  if (isOver(known, at)) return 'agreement.over';
  const people = known.role === 'owner' ? known.terms.ownerPeople : (known.people ?? known.terms.partnerPeople);
  // Ending only ever protects: whoever answers for one of the people may.
  const reaches = reachOf(by, context);
  const isConcerned = (person: UserId): boolean => reaches([person], 'provisioner') || reaches([person], 'approver');
  const mayEnd = people.length === 0 || people.some(isConcerned);
  if (!mayEnd) return 'scope.exceeded';
  const entry = { action: 'agreement.ended', actor: by, detail: { reason } } as const;
  return { agreement: { ...known, end: { by, at, reason } }, entry };
}

function peopleOf(rules: readonly MemberRule[], { organisation }: Context): UserId[] {
  return userIdsOfRules(buildDirectory(organisation()), rules);
}

function isFromHere(people: readonly UserId[], { serverName }: Context): boolean {
  return people.every((person) => serverNameOf(person) === serverName);
}

function mayDecide(
  people: readonly UserId[],
  person: UserId,
  role: 'approver' | 'provisioner',
  context: Context,
): boolean {
  return reachOf(person, context)(people, role);
}

/** Tells whether the person's role holds where each of some people belongs. Somebody who is not declared belongs nowhere. */
function reachOf(person: UserId, { organisation }: Context) {
  const declared = organisation();
  const atlas = createAtlas(declared);
  const { peopleByUserId } = buildDirectory(declared);
  const authority = authorityOf(declared);
  return (people: readonly UserId[], role: 'approver' | 'provisioner'): boolean => {
    const homes = people.map((each) => atlas.homeOf(peopleByUserId.get(each)?.id ?? ''));
    const places = homes.filter((home): home is Place => home !== null);
    return places.length === homes.length && authority.covers(person, role, outermost(places));
  };
}
