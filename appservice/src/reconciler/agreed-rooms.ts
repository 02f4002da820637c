/** Rooms that two trust domains share: those of agreements, and the one in which their appservices agree. */
import { botOf, serverNameOf, type ServerName, type UserId } from '#contract/ids.ts';
import type { Organisation, PartnerDeclaration } from '#contract/organisation.ts';
import type { DesiredRoom } from './desired-room.ts';

/** Who of another trust domain may be in a room. */
export interface AgreedOutside {
  readonly servers: ReadonlySet<ServerName>;
  readonly people: ReadonlySet<UserId>;
}

/** An agreement as far as its room is concerned; nobody is in it once it is over. */
export interface AgreedRoom {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  /** ISO 8601, UTC. */
  readonly endsAt: string;
  readonly members: readonly UserId[];
  readonly outsiders: readonly UserId[];
}

export function agreementAddress(id: string): string {
  return `agreement/${id}`;
}

export function liaisonAddress(partnerDomain: string): string {
  return `liaison/${partnerDomain}`;
}

/** Of two homeservers the first by name makes the liaison room, so that they never make two. */
export function leadsLiaison(own: ServerName, partner: ServerName): boolean {
  return own < partner;
}

/** The partners with whom this homeserver speaks. */
export function partnersOf({ domain }: Pick<Organisation, 'domain'>, own: ServerName): readonly PartnerDeclaration[] {
  return (domain.partners ?? []).filter(({ through }) => through === own);
}

export function computeLiaisonRooms(organisation: Organisation, own: ServerName): DesiredRoom[] {
  return partnersOf(organisation, own)
    .filter(({ server }) => leadsLiaison(own, server))
    .map(({ domain, name, server }) =>
      sharedRoom(organisation, own, {
        class: 'liaison',
        address: liaisonAddress(domain),
        name: `Vereinbarungen mit ${name}`,
        topic: null,
        members: [],
        outsiders: [botOf(server)],
      }),
    );
}

/** Once nobody of the other side belongs into it, the ACL lets its server out: the people go first (reconciler/order.ts). */
export function computeAgreementRoom(
  { id, name, purpose, endsAt, members, outsiders }: AgreedRoom,
  organisation: Organisation,
  own: ServerName,
): DesiredRoom {
  const outline = {
    class: 'verbund',
    address: agreementAddress(id),
    name,
    topic: purpose,
    endsAt,
    members,
    outsiders,
  } as const;
  return sharedRoom(organisation, own, outline);
}

/** What an agreement allows in a room, read from the room itself. */
export function outsideOf({ outsiders }: DesiredRoom): AgreedOutside {
  return { servers: new Set(outsiders.map(serverNameOf)), people: new Set(outsiders) };
}

type Outline = Pick<DesiredRoom, 'address' | 'endsAt' | 'members' | 'name' | 'outsiders' | 'topic'> & {
  readonly class: 'liaison' | 'verbund';
};

function sharedRoom({ domain, roomClasses }: Organisation, own: ServerName, outline: Outline): DesiredRoom {
  const servers = [...outline.members, ...outline.outsiders].map(serverNameOf);
  return {
    ...outline,
    domain: domain.id,
    body: null,
    servers: [...new Set([own, ...servers])].sort(),
    posters: [],
    rules: roomClasses[outline.class],
    children: [],
    parent: null,
    membership: 'declared',
  };
}
