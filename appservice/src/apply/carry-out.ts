/** Carries out one change at the homeserver. */
import type { RoomId, ServerName } from '#contract/ids.ts';
import { HomeserverError, type Actor, type StateContent } from '#appservice/matrix/ports.ts';
import { publishRoster } from '#appservice/roster/publish-roster.ts';
import type { RosterSeal } from '#appservice/roster/roster-seal.ts';
import {
  stateTypeOf,
  type Ban,
  type Change,
  type CreateRoom,
  type Invite,
  type Kick,
  type SetState,
  type Unban,
} from '../reconciler/change.ts';
import { isSpace } from '../reconciler/desired-room.ts';
import { computeRoomCreation } from '../reconciler/room-creation.ts';
import { computeSpaceChild, computeSpaceParent } from '../reconciler/room-state.ts';

export interface CarryOutContext {
  readonly homeserver: Actor;
  readonly serverName: ServerName;
  readonly rosters: Pick<RosterSeal, 'seal'>;
  /** The room at an address; undefined while there is none. */
  readonly roomIdOf: (address: string) => RoomId | undefined;
}

/** Answers the id of a room that was created, otherwise null. Throws HomeserverError. */
export async function carryOut(change: Change, context: CarryOutContext): Promise<RoomId | null> {
  const { homeserver } = context;
  switch (change.kind) {
    case 'RegisterAccount':
      await homeserver.registerAccount(change.after.userId, change.after.displayName);
      return null;
    case 'CreateRoom':
      return createRoom(change, context);
    case 'SetRoster':
      await publishRoster(roomOf(change.address, context), change.after, context);
      return null;
    case 'Invite':
      await unlessAlreadySo(change, ['invite', 'join'], context, (roomId) => homeserver.invite(roomId, change.userId));
      return null;
    case 'Join':
      await homeserver.joinAs(change.userId, roomOf(change.address, context), []);
      return null;
    case 'Kick':
      await unlessAlreadySo(change, ['leave', 'ban'], context, (roomId) =>
        homeserver.kick(roomId, change.userId, change.reason),
      );
      return null;
    case 'Ban':
      await unlessAlreadySo(change, ['ban'], context, (roomId) => homeserver.ban(roomId, change.userId, change.reason));
      return null;
    case 'Unban':
      await unlessAlreadySo(change, ['leave', 'invite', 'join'], context, (roomId) =>
        homeserver.unban(roomId, change.userId, change.reason),
      );
      return null;
    default:
      await homeserver.sendState(roomOf(change.address, context), stateOf(change, context));
      return null;
  }
}

/** The homeserver refuses to do a second time what a repair, the person or another appservice has done meanwhile. */
async function unlessAlreadySo(
  { address, userId }: Ban | Invite | Kick | Unban,
  wanted: readonly string[],
  context: CarryOutContext,
  send: (roomId: RoomId) => Promise<void>,
): Promise<void> {
  const roomId = roomOf(address, context);
  try {
    await send(roomId);
  } catch (error) {
    const isRefused = error instanceof HomeserverError && error.status === 403;
    const membership = isRefused ? await context.homeserver.readMembership(roomId, userId) : null;
    if (membership === null || !wanted.includes(membership)) throw error;
  }
}

/** Without its space, if that could not be created: the next run adds the link. */
async function createRoom({ after }: CreateRoom, context: CarryOutContext): Promise<RoomId> {
  const { homeserver, serverName, roomIdOf } = context;
  const parent = after.parent === null ? null : (roomIdOf(after.parent) ?? null);
  const roomId = await homeserver.createRoom(computeRoomCreation(after, { serverName, parent }));
  // The room stands in any case. Until it has a roster nobody can write into it, and the next look publishes one.
  if (!isSpace(after))
    await publishRoster(roomId, [...after.members, ...after.outsiders], context).catch(() => undefined);
  return roomId;
}

type StateChange =
  SetState | Extract<Change, { kind: 'LinkSpaceChild' | 'LinkSpaceParent' | 'UnlinkSpaceChild' | 'UnlinkSpaceParent' }>;

function stateOf(change: StateChange, context: CarryOutContext): StateContent {
  switch (change.kind) {
    case 'LinkSpaceChild':
      return computeSpaceChild(roomOf(change.after, context), context.serverName);
    case 'LinkSpaceParent':
      return computeSpaceParent(roomOf(change.after, context), context.serverName);
    case 'UnlinkSpaceChild':
      return { type: 'm.space.child', state_key: change.before, content: {} };
    case 'UnlinkSpaceParent':
      return { type: 'm.space.parent', state_key: change.before, content: {} };
    default:
      return { type: stateTypeOf(change.kind), state_key: '', content: change.after };
  }
}

function roomOf(address: string, { roomIdOf }: CarryOutContext): RoomId {
  const roomId = roomIdOf(address);
  if (roomId === undefined) throw new Error(`There is no room ${address} yet.`);
  return roomId;
}
