/** A homeserver on which everything stands as declared, for reading alone. Its answers are parsed from text, as real ones are. */
import { roomIdSchema, type RoomId, type UserId } from '#contract/ids.ts';
import type {
  AccountReader,
  ClosedAccountReader,
  JoinedRoomsReader,
  RoomStateReader,
  StateContent,
  StateEvent,
} from '#appservice/matrix/ports.ts';
import type { RosterSeal } from '#appservice/roster/roster-seal.ts';
import { isSpace, type DesiredRoom } from '#appservice/reconciler/desired-room.ts';
import type { DesiredState } from '#appservice/reconciler/desired-state.ts';
import { computeRoomCreation } from '#appservice/reconciler/room-creation.ts';
import { computeSpaceChild } from '#appservice/reconciler/room-state.ts';

export function roomIdOf(address: string): RoomId {
  return roomIdSchema.parse(`!${Buffer.from(address).toString('base64url').padEnd(43, 'A')}`);
}

/** Makes each answer when it is asked for: what such a homeserver holds is not the appservice's memory. */
export function settledHomeserver(
  { rooms, serverName }: DesiredState,
  bot: UserId,
  rosters: Pick<RosterSeal, 'seal'>,
): AccountReader & ClosedAccountReader & JoinedRoomsReader & RoomStateReader {
  const byId = new Map(rooms.map((room) => [roomIdOf(room.address), room]));
  return {
    accountExists: () => Promise.resolve(true),
    closedAccounts: () => Promise.resolve(new Set()),
    joinedRooms: () => Promise.resolve([...byId.keys()]),
    async readState(roomId) {
      const room = byId.get(roomId);
      if (room === undefined) throw new Error('There is no such room.');
      const events: StateEvent[] = JSON.parse(JSON.stringify(stateOf(room, serverName, bot, rosters)));
      return events;
    },
  };
}

function stateOf(
  room: DesiredRoom,
  serverName: DesiredState['serverName'],
  bot: UserId,
  rosters: Pick<RosterSeal, 'seal'>,
): StateEvent[] {
  const parent = room.parent === null ? null : roomIdOf(room.parent);
  const creation = computeRoomCreation(room, { serverName, parent });
  const state: StateContent[] = [
    { type: 'm.room.create', state_key: '', content: { ...creation.creation_content, room_version: '12' } },
    ...creation.initial_state,
    ...room.children.map((child) => computeSpaceChild(roomIdOf(child), serverName)),
    ...(isSpace(room) ? [] : rosters.seal(roomIdOf(room.address), room.members)),
    ...[bot, ...room.members].map((member) => ({
      type: 'm.room.member',
      state_key: member,
      content: { membership: 'join', displayname: `Mensch ${member}` },
    })),
  ];
  return state.map(({ type, state_key: stateKey, content }, index) => ({
    type,
    state_key: stateKey,
    content,
    sender: bot,
    event_id: `$${String(index).padStart(43, '0')}`,
  }));
}
