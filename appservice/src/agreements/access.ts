/** Whom agreements let through the wall. Pure: of this moment's agreements, and precise to the person and the room. */
import type { RoomOrigin } from '#contract/event-content.ts';
import { botOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import type { PartnerDeclaration } from '#contract/organisation.ts';
import { agreementAddress, leadsLiaison, liaisonAddress } from '../reconciler/agreed-rooms.ts';
import { participantsOf, phaseOf, type Agreement, type PartneredAgreement } from './agreement.ts';

export interface AgreedContext {
  readonly serverName: ServerName;
  /** Declared, and spoken with through this homeserver. */
  readonly partners: readonly PartnerDeclaration[];
  readonly agreements: readonly Agreement[];
  /** The rooms of partners that make them, by trust domain. */
  readonly liaisons: ReadonlyMap<string, RoomId>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface AskedInvitation {
  readonly inviter: UserId;
  readonly invitee: UserId;
  readonly room: RoomId;
  /** For what the own appservice has made this room; null if it has not. */
  readonly address: string | null;
  /** Only of invitations from elsewhere: what the room's create event says, if the inviter created it. */
  readonly origin: RoomOrigin | null;
}

/** Whether exactly this invitation follows from an agreement, or serves to make one. */
export function mayInvite(asked: AskedInvitation, context: AgreedContext): boolean {
  return asked.inviter === botOf(context.serverName) ? mayInviteOut(asked, context) : mayComeIn(asked, context);
}

function mayInviteOut({ invitee, address }: AskedInvitation, context: AgreedContext): boolean {
  const toLiaison = context.partners.some(
    ({ domain, server }) => address === liaisonAddress(domain) && invitee === botOf(server),
  );
  const toRoom = context.agreements.some(
    (agreement) =>
      agreement.role === 'owner' &&
      address === agreementAddress(agreement.terms.id) &&
      participantsOf(agreement, context.now).partnerPeople.includes(invitee),
  );
  return toLiaison || toRoom;
}

function mayComeIn(asked: AskedInvitation, context: AgreedContext): boolean {
  const partner = context.partners.find(({ server }) => botOf(server) === asked.inviter);
  if (partner === undefined) return false;
  return isToLiaison(asked, partner, context) || isToRoom(asked, partner, context);
}

/** The bot alone, and only by the side that makes this room. Without an origin (the second question) the first has seen it. */
function isToLiaison(
  { invitee, origin }: AskedInvitation,
  { domain, server }: PartnerDeclaration,
  { serverName }: AgreedContext,
): boolean {
  const isRight = origin === null || (origin.class === 'liaison' && origin.domain === domain);
  return invitee === botOf(serverName) && !leadsLiaison(serverName, server) && isRight;
}

/** The invitation may be here before the statement that names the room; until then the room's own address counts. */
function isToRoom(
  { invitee, room, origin }: AskedInvitation,
  { domain }: PartnerDeclaration,
  { agreements, now }: AgreedContext,
): boolean {
  return agreements.some((agreement) => {
    if (agreement.role !== 'partner' || agreement.terms.owner !== domain) return false;
    const isRoom = agreement.heard.room === null || agreement.heard.room === room;
    const isWanted =
      ['accepted', 'open'].includes(phaseOf(agreement, now)) && agreement.people?.includes(invitee) === true;
    return isRoom && isWanted && (origin === null || isMadeFor(agreement, origin));
  });
}

function isMadeFor({ terms }: PartneredAgreement, origin: RoomOrigin): boolean {
  return origin.domain === terms.owner && origin.class === 'verbund' && origin.address === agreementAddress(terms.id);
}

/** null: the room has nothing to do with agreements that another trust domain leads. */
export function mayJoin(user: UserId, room: RoomId, context: AgreedContext): boolean | null {
  const { serverName, partners, liaisons } = context;
  if (partners.some(({ domain }) => liaisons.get(domain) === room)) return user === botOf(serverName);
  const agreement = partneredIn(room, context);
  if (agreement === undefined) return null;
  return participantsOf(agreement, context.now).partnerPeople.includes(user);
}

function partneredIn(room: RoomId, { agreements }: AgreedContext): PartneredAgreement | undefined {
  return agreements.find(
    (agreement): agreement is PartneredAgreement => agreement.role === 'partner' && agreement.heard.room === room,
  );
}
