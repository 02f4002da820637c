/**
 * A homeserver as a value: enough of one to see what a plan leads to. The real one is tested in test/integration.
 */
import { eventIdSchema, roomIdSchema, serverNameOf, type RoomId, type UserId } from '#contract/ids.ts';
import type { StateContent, StateEvent } from '#appservice/matrix/ports.ts';
import { isSetState, stateTypeOf, type Change, type SetRoster } from './change.ts';
import { isSpace } from './desired-room.ts';
import type { ObservedRoom, ObservedState } from './observed-state.ts';
import { computeRoomCreation } from './room-creation.ts';
import { computeSpaceChild, computeSpaceParent } from './room-state.ts';

export const nothing: ObservedState = { rooms: new Map(), accounts: new Set() };

/** What is there after `changes`. Throws where a homeserver would refuse: a room twice, a join without invitation. */
export function afterChanges(observed: ObservedState, changes: readonly Change[], bot: UserId): ObservedState {
  return changes.reduce((state, change) => afterChange(state, change, bot), observed);
}

/** The same with one state event put over a room, as drift. */
export function withState(
  observed: ObservedState,
  address: string,
  state: StateContent,
  sender: UserId,
): ObservedState {
  const room = observed.rooms.get(address);
  if (room === undefined) throw new Error(`There is no room ${address}.`);
  return withRoom(observed, { ...room, state: setState(room.state, state, sender) });
}

export function membership(userId: UserId, value: string): StateContent {
  return { type: 'm.room.member', state_key: userId, content: { membership: value } };
}

function afterChange(observed: ObservedState, change: Change, bot: UserId): ObservedState {
  if (change.kind === 'RegisterAccount') {
    return { ...observed, accounts: new Set([...observed.accounts, change.after.userId]) };
  }
  if (change.kind === 'CreateRoom') return withRoom(observed, createRoom(observed, change, bot));
  requireInvitation(observed, change, bot);
  if (change.kind === 'SetRoster') return withRoster(observed, change);
  return withState(observed, change.address, stateOf(observed, change, bot), bot);
}

function withRoster(observed: ObservedState, { address, after }: SetRoster): ObservedState {
  const room = observed.rooms.get(address);
  if (room === undefined) throw new Error(`There is no room ${address}.`);
  return withRoom(observed, { ...room, roster: { members: after, isDue: false } });
}

function createRoom(
  observed: ObservedState,
  { after }: Extract<Change, { kind: 'CreateRoom' }>,
  bot: UserId,
): ObservedRoom {
  if (observed.rooms.has(after.address)) throw new Error(`${after.address} was created twice.`);
  const parent = after.parent === null ? null : roomIdOf(observed, after.parent);
  const creation = computeRoomCreation(after, { serverName: serverNameOf(bot), parent });
  const contents: StateContent[] = [
    { type: 'm.room.create', state_key: '', content: { ...creation.creation_content, room_version: '12' } },
    membership(bot, 'join'),
    ...creation.initial_state,
    ...creation.invite.map((userId) => membership(userId, 'invite')),
  ];
  const state = contents.reduce<readonly StateEvent[]>((events, content) => setState(events, content, bot), []);
  const roomId = roomIdSchema.parse(`!${after.address.replaceAll('/', '-')}`);
  const roster = isSpace(after) ? null : { members: [...after.members, ...after.outsiders], isDue: false };
  return { address: after.address, roomId, state, roster };
}

function stateOf(
  observed: ObservedState,
  change: Exclude<Change, { kind: 'RegisterAccount' | 'CreateRoom' | 'SetRoster' }>,
  bot: UserId,
): StateContent {
  if (isSetState(change)) return { type: stateTypeOf(change.kind), state_key: '', content: change.after };
  switch (change.kind) {
    case 'LinkSpaceChild':
      return computeSpaceChild(roomIdOf(observed, change.after), serverNameOf(bot));
    case 'LinkSpaceParent':
      return computeSpaceParent(roomIdOf(observed, change.after), serverNameOf(bot));
    case 'UnlinkSpaceChild':
      return { type: 'm.space.child', state_key: change.before, content: {} };
    case 'UnlinkSpaceParent':
      return { type: 'm.space.parent', state_key: change.before, content: {} };
    default:
      return membership(change.userId, change.after);
  }
}

function requireInvitation(observed: ObservedState, change: Change, bot: UserId): void {
  if (change.kind !== 'Join') return;
  const member = observed.rooms.get(change.address)?.state.find(({ state_key: key }) => key === change.userId);
  if (member?.content['membership'] !== 'invite') throw new Error(`${change.userId} joined without an invitation.`);
  if (serverNameOf(change.userId) !== serverNameOf(bot))
    throw new Error(`${change.userId} cannot be joined from here.`);
}

function roomIdOf(observed: ObservedState, address: string): RoomId {
  const room = observed.rooms.get(address);
  if (room === undefined) throw new Error(`There is no room ${address} yet.`);
  return room.roomId;
}

function withRoom(observed: ObservedState, room: ObservedRoom): ObservedState {
  return { ...observed, rooms: new Map([...observed.rooms, [room.address, room]]) };
}

function setState(events: readonly StateEvent[], state: StateContent, sender: UserId): readonly StateEvent[] {
  const others = events.filter((event) => event.type !== state.type || event.state_key !== state.state_key);
  return [...others, { ...state, sender, event_id: eventIdSchema.parse(`$${events.length}`) }];
}
