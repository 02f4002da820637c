/**
 * The policy with its memory: parses a question, decides it, remembers the rooms it let people be invited into and
 * hands refusals to the audit trail.
 *
 * A room counts as known when the appservice made it or an allowed invitation led into it. After a restart the
 * memory is empty; then the invitation itself, as the homeserver shows it, tells who invited.
 */
import type { RoomId, ServerName, UserId } from '#contract/ids.ts';
import type { InvitationReader, MembershipReader } from '#appservice/matrix/ports.ts';
import { createAdmittedRooms } from './admitted-rooms.ts';
import type { AskedInvitation } from '../agreements/access.ts';
import { decide, originOf, type Decision, type RefusalRule } from './decide.ts';
import type { Refusal, RefusalLedger } from './refusal-ledger.ts';
import type { ReportedRefusal } from './reported-refusal.ts';
import { parseWallRequest, type WallCallback, type WallRequest } from './wall-request.ts';
import { isOfDomain, isOwnBot, isOwnPerson, isSisterBot, type WallSnapshot } from './wall-snapshot.ts';

export interface WallDependencies {
  readonly serverName: ServerName;
  /** The own trust domain as declared at this moment. */
  readonly domain: () => { readonly id: string; readonly servers: readonly ServerName[] };
  /** Rooms of the inventory at start; later ones are learned from the bot's own invitations. */
  readonly ledRooms: Iterable<RoomId>;
  readonly homeserver: InvitationReader & MembershipReader;
  /** What agreements with other trust domains allow at this moment. */
  readonly agreed: AgreedDoor;
  readonly refusals: Pick<RefusalLedger, 'record'>;
}

export interface AgreedDoor {
  mayInvite(invitation: Omit<AskedInvitation, 'address'>): Promise<boolean>;
  /** null: the room belongs to no agreement. */
  mayJoin(user: UserId, room: RoomId): boolean | null;
}

export interface Wall {
  /** Decides one question. Everything that goes wrong on the way refuses. */
  judge(callback: WallCallback, payload: unknown): Promise<Decision>;
  /** Writes down what the rules inside the homeserver refused. */
  takeReport(refusal: ReportedRefusal): Promise<void>;
}

export function createWall(dependencies: WallDependencies): Wall {
  const ledRooms = createAdmittedRooms();
  const admittedRooms = createAdmittedRooms();
  for (const roomId of dependencies.ledRooms) ledRooms.add(roomId);

  function snapshot(asked: Partial<WallSnapshot> = {}): WallSnapshot {
    const { id, servers } = dependencies.domain();
    return {
      serverName: dependencies.serverName,
      domain: id,
      domainServers: new Set(servers),
      isLedRoom: (roomId) => ledRooms.has(roomId),
      isKnownRoom: (roomId) => ledRooms.has(roomId) || admittedRooms.has(roomId),
      isMember: false,
      isAgreedInvitation: false,
      isAgreedJoin: null,
      ...asked,
    };
  }

  async function lookUp(request: WallRequest): Promise<Partial<WallSnapshot>> {
    if (request.callback === 'user_may_join_room') {
      const isAgreedJoin = dependencies.agreed.mayJoin(request.user, request.room);
      return { isAgreedJoin, isMember: await joinsAgain(request) };
    }
    const invitation = invitationOf(request);
    if (invitation === null || isWithinDomain(invitation)) return {};
    return { isAgreedInvitation: await dependencies.agreed.mayInvite(invitation) };
  }

  /** Almost all are, and no agreement is about them: asking would cost each a look into the database. */
  function isWithinDomain({ inviter, invitee }: Pick<AskedInvitation, 'invitee' | 'inviter'>): boolean {
    return isOfDomain(inviter, snapshot()) && isOfDomain(invitee, snapshot());
  }

  async function judge(callback: WallCallback, payload: unknown): Promise<Decision> {
    const request = parseWallRequest(callback, payload);
    if (request === null) return refuse({ callback, rule: 'request.malformed', attacker: null, room: null });
    await rememberInvitation(request);
    const decision = decide(request, snapshot(await lookUp(request)));
    if (!decision.isAllowed) return refuse({ callback, rule: decision.rule, ...partiesOf(request) });
    rememberRoom(request);
    return decision;
  }

  async function refuse(refusal: Refusal & { readonly rule: RefusalRule }): Promise<Decision> {
    await dependencies.refusals.record(refusal);
    return { isAllowed: false, rule: refusal.rule };
  }

  /** Only for a join into a room that this process has not seen yet, so almost never. */
  async function rememberInvitation(request: WallRequest): Promise<void> {
    if (request.callback !== 'user_may_join_room' || !request.is_invited) return;
    const { user, room } = request;
    if (snapshot().isKnownRoom(room) || !isOwnPerson(user, snapshot())) return;
    const inviter = await inviterOf(user, room);
    if (inviter === undefined) return;
    const isAgreed = await dependencies.agreed.mayInvite({ inviter, invitee: user, room, origin: null });
    if (isAgreed || isDomainBot(inviter)) admittedRooms.add(room);
  }

  /** Who is in a room already has no invitation any more, so that only the room's state tells. */
  async function joinsAgain(request: WallRequest): Promise<boolean> {
    if (request.callback !== 'user_may_join_room' || request.is_invited) return false;
    if (!isOwnPerson(request.user, snapshot())) return false;
    return dependencies.homeserver.isJoined(request.user, request.room);
  }

  async function inviterOf(user: UserId, room: RoomId): Promise<UserId | undefined> {
    const pending = await dependencies.homeserver.pendingInvitations(user);
    return pending.find((invitation) => invitation.roomId === room)?.inviter;
  }

  function isDomainBot(user: UserId): boolean {
    return isOwnBot(user, snapshot()) || isSisterBot(user, snapshot());
  }

  function rememberRoom(request: WallRequest): void {
    if (request.callback === 'federated_user_may_invite') admittedRooms.add(request.event.room_id);
    if (request.callback === 'user_may_invite' && isOwnBot(request.inviter, snapshot())) ledRooms.add(request.room_id);
  }

  return { judge, takeReport: (refusal) => dependencies.refusals.record({ callback: 'rules', ...refusal }) };
}

function invitationOf(request: WallRequest): Omit<AskedInvitation, 'address'> | null {
  if (request.callback === 'user_may_invite') {
    const { inviter, invitee, room_id: room } = request;
    return { inviter, invitee, room, origin: null };
  }
  if (request.callback !== 'federated_user_may_invite') return null;
  const { sender: inviter, state_key: invitee, room_id: room } = request.event;
  const origin = originOf(request.event);
  return origin === null ? null : { inviter, invitee, room, origin };
}

function partiesOf(request: WallRequest): { attacker: string; room: string | null } {
  switch (request.callback) {
    case 'user_may_create_room':
      return { attacker: request.user_id, room: null };
    case 'user_may_invite':
    case 'user_may_send_3pid_invite':
      return { attacker: request.inviter, room: request.room_id };
    case 'federated_user_may_invite':
      return { attacker: request.event.sender, room: request.event.room_id };
    case 'user_may_join_room':
      return { attacker: request.user, room: request.room };
    case 'user_may_publish_room':
      return { attacker: request.user_id, room: request.room_id };
    case 'user_may_create_room_alias':
    default:
      return { attacker: request.user_id, room: request.room_alias };
  }
}
