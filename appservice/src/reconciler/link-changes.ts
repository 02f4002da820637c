import { canonicalize } from 'json-canonicalize';
import { roomIdSchema, type RoomId, type ServerName } from '#contract/ids.ts';
import type { LinkSpaceChild, LinkSpaceParent, UnlinkSpaceChild, UnlinkSpaceParent } from './change.ts';
import { isSpace, type DesiredRoom } from './desired-room.ts';
import type { ObservedRoom } from './observed-state.ts';
import { computeSpaceChild, computeSpaceParent } from './room-state.ts';

type LinkChange = LinkSpaceChild | LinkSpaceParent | UnlinkSpaceChild | UnlinkSpaceParent;

export interface LinkContext {
  readonly serverName: ServerName;
  readonly desiredAddresses: ReadonlySet<string>;
  /** Of rooms that are not the one in question, only address and id matter. */
  readonly rooms: ReadonlyMap<string, Pick<ObservedRoom, 'address' | 'roomId'>>;
}

/** Links of a room that exists, in both directions. A room about to be created gets its parent with its creation. */
export function computeLinkChanges(
  room: DesiredRoom,
  observed: ObservedRoom | undefined,
  context: LinkContext,
): LinkChange[] {
  return [
    ...(isSpace(room) ? missingChildren(room, observed, context) : []),
    ...(observed === undefined ? [] : missingParent(room, observed, context)),
    ...(observed === undefined ? [] : surplusParents(room, observed, context)),
    ...(observed === undefined || !isSpace(room) ? [] : surplusChildren(room, observed, context)),
  ];
}

function missingChildren(
  room: DesiredRoom,
  observed: ObservedRoom | undefined,
  { serverName, rooms }: LinkContext,
): LinkSpaceChild[] {
  const wanted = room.children.filter((child) => {
    const childRoom = rooms.get(child);
    return childRoom === undefined || !hasState(observed, computeSpaceChild(childRoom.roomId, serverName));
  });
  return wanted.map((child) => ({
    kind: 'LinkSpaceChild',
    address: room.address,
    before: null,
    after: child,
    reason: 'the space should show this room',
    risk: 'low',
  }));
}

function missingParent(
  { address, parent }: DesiredRoom,
  observed: ObservedRoom,
  { serverName, rooms }: LinkContext,
): LinkSpaceParent[] {
  if (parent === null) return [];
  const space = rooms.get(parent);
  if (space !== undefined && hasState(observed, computeSpaceParent(space.roomId, serverName))) return [];
  const reason = 'the room should name the space it belongs to';
  return [{ kind: 'LinkSpaceParent', address, before: null, after: parent, reason, risk: 'low' }];
}

function surplusParents(room: DesiredRoom, observed: ObservedRoom, { rooms }: LinkContext): UnlinkSpaceParent[] {
  const wanted = room.parent === null ? undefined : rooms.get(room.parent)?.roomId;
  return linksOf(observed, 'm.space.parent')
    .filter((linked) => linked !== wanted)
    .map((before) => ({
      kind: 'UnlinkSpaceParent',
      address: room.address,
      before,
      after: null,
      reason: 'the room does not belong to this space',
      risk: 'low',
    }));
}

/** A room that is no longer declared keeps its place: absent means unmanaged. Whatever else stands there goes. */
function surplusChildren(room: DesiredRoom, observed: ObservedRoom, context: LinkContext): UnlinkSpaceChild[] {
  const addresses = new Map([...context.rooms.values()].map(({ roomId, address }) => [roomId, address]));
  const wanted = new Set(room.children);
  return linksOf(observed, 'm.space.child')
    .filter((linked) => {
      const address = addresses.get(linked);
      return address === undefined || (context.desiredAddresses.has(address) && !wanted.has(address));
    })
    .map((before) => ({
      kind: 'UnlinkSpaceChild',
      address: room.address,
      before,
      after: null,
      reason: 'the space should not show this room',
      risk: 'low',
    }));
}

/** Links that stand: one without `via` is as good as removed (client-server API, "m.space.child"). */
function linksOf({ state }: ObservedRoom, type: 'm.space.child' | 'm.space.parent'): RoomId[] {
  return state
    .filter((event) => event.type === type && event.content['via'] !== undefined)
    .flatMap((event) => roomIdSchema.safeParse(event.state_key).data ?? []);
}

function hasState(
  observed: ObservedRoom | undefined,
  wanted: { readonly type: string; readonly state_key: string; readonly content: unknown },
): boolean {
  const found = observed?.state.find((event) => event.type === wanted.type && event.state_key === wanted.state_key);
  return found !== undefined && canonicalize(found.content) === canonicalize(wanted.content);
}
