/**
 * What follows from agreements: who leads notes the room that the reconciler made for it, and sees that it is empty in the
 * end; who takes part brings its own people in and takes them out. Neither needs the other side for the end.
 */
import { botOf, serverNameOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import type { Inventory } from '#appservice/apply/inventory.ts';
import {
  HomeserverError,
  type InvitationReader,
  type MembershipReader,
  type PersonJoiner,
  type PersonLeaver,
  type RoomStateReader,
} from '#appservice/matrix/ports.ts';
import { agreementAddress } from '../reconciler/agreed-rooms.ts';
import { phaseOf, type OwnedAgreement, type PartneredAgreement } from './agreement.ts';
import type { AgreementBook } from './agreement-book.ts';
import { isEvicted } from './eviction.ts';

export interface FollowOptions {
  readonly homeserver: InvitationReader & MembershipReader & PersonJoiner & PersonLeaver & RoomStateReader;
  readonly serverName: ServerName;
  readonly book: AgreementBook;
  readonly inventory: () => Promise<Inventory>;
  /** The rooms that this side leads have to be looked at. */
  readonly onRoomDue: (roomId: RoomId | null) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Answers whether nothing is left to be done. Throws HomeserverError if the own homeserver does not answer. */
export async function followAgreements(options: FollowOptions): Promise<boolean> {
  let isDone = true;
  for (const agreement of options.book.all()) {
    const isFollowed =
      agreement.role === 'owner' ? await followOwned(agreement, options) : await followPartnered(agreement, options);
    isDone &&= isFollowed;
  }
  return isDone;
}

async function followOwned(agreement: OwnedAgreement, options: FollowOptions): Promise<boolean> {
  const phase = phaseOf(agreement, options.now());
  if (phase !== 'open' && phase !== 'closing') return true;
  const room = agreement.room ?? (await noteRoom(agreement, options));
  if (phase === 'open') {
    if (room === null) options.onRoomDue(null);
    return room !== null;
  }
  if (room !== null && !isEvicted(await options.homeserver.readState(room), options.serverName)) {
    options.onRoomDue(room);
    return false;
  }
  await close(agreement.terms.id, options);
  return true;
}

async function noteRoom(
  { terms }: OwnedAgreement,
  { book, inventory, serverName }: FollowOptions,
): Promise<RoomId | null> {
  const room = (await inventory()).get(agreementAddress(terms.id)) ?? null;
  if (room === null) return null;
  await book.act(terms.id, (known) => {
    if (known?.role !== 'owner') return null;
    const entry = { action: 'agreement.opened', actor: botOf(serverName), detail: { room } } as const;
    return { agreement: { ...known, room }, entry };
  });
  return room;
}

async function followPartnered(agreement: PartneredAgreement, options: FollowOptions): Promise<boolean> {
  const phase = phaseOf(agreement, options.now());
  const { heard, people } = agreement;
  if (phase === 'open' && heard.room !== null) return bringIn(people ?? [], heard.room, agreement, options);
  if (phase !== 'closing') return true;
  if (heard.room !== null) await takeOut(people ?? [], heard.room, options);
  await close(agreement.terms.id, options);
  return true;
}

/** Whoever has no invitation yet is brought in at a later turn. */
async function bringIn(
  people: readonly UserId[],
  room: RoomId,
  { terms }: PartneredAgreement,
  { homeserver }: FollowOptions,
): Promise<boolean> {
  const via = [...new Set(terms.ownerPeople.map(serverNameOf))];
  let areAllIn = true;
  for (const person of people) {
    if (await homeserver.isJoined(person, room)) continue;
    const invitations = await homeserver.pendingInvitations(person);
    if (invitations.some(({ roomId }) => roomId === room)) await homeserver.joinAs(person, room, via);
    else areAllIn = false;
  }
  return areAllIn;
}

/** Works while the other side is away: this homeserver is in the room, and says itself that its people have left. */
async function takeOut(people: readonly UserId[], room: RoomId, { homeserver }: FollowOptions): Promise<void> {
  for (const person of people) {
    await homeserver.leaveAs(person, room).catch((error: unknown) => {
      // Not in the room, and not invited any more: that is the aim.
      if (!(error instanceof HomeserverError) || (error.status !== 403 && error.status !== 404)) throw error;
    });
  }
}

async function close(id: string, { book, now, serverName }: FollowOptions): Promise<void> {
  await book.act(id, (known) => {
    if (known === undefined || known.closedAt !== null) return null;
    const entry = { action: 'agreement.closed', actor: botOf(serverName), detail: {} } as const;
    return { agreement: { ...known, closedAt: now() }, entry };
  });
}
