/** The rooms connection: the first rooms at once, all of them in growing steps, then news as it happens. */
import { z } from 'zod';
import { roomStateTypes } from '../rooms/reduce-room.ts';
import type { RoomData } from '../rooms/room-data.ts';
import type { StorageChange } from '../storage/storage.ts';
import type { ConnectionHandler } from './connection.ts';
import { parseRoomsAnswer } from './parse-rooms-answer.ts';

/** Under which name the position is stored. */
export const roomsPositionKey = 'sync-rooms';

export const roomsPositionSchema = z.object({ pos: z.string().nullable(), wanted: z.number(), known: z.number() });
/** `wanted`: how many rooms the list asks for; `known`: how many of the list came in. */
export type RoomsPosition = z.infer<typeof roomsPositionSchema>;

export const firstRooms: RoomsPosition = { pos: null, wanted: 20, known: 0 };
/** Larger steps would keep the engine busy for so long that opening a room waits for it. */
const furtherStep = 60;
/** Enough to fill a screen, to count what is unread, and to bridge a short absence without a gap. */
const timelineLimit = 20;

const list = {
  required_state: [
    ...roomStateTypes.map((type) => [type, '']),
    ['m.space.child', '*'],
    ['m.room.member', '$ME'],
    ['m.room.member', '$LAZY'],
  ],
  timeline_limit: timelineLimit,
};

const extensions = {
  account_data: { enabled: true },
  receipts: { enabled: true },
  typing: { enabled: true },
};

export interface RoomsSurroundings {
  readonly rooms: Pick<RoomData, 'receive' | 'keepOnly'>;
  onState(isOnline: boolean): void;
  onReceived(): void;
  /** Settles when a new device has time for more than its first rooms. */
  restMayFollow(): Promise<void>;
}

export function roomsConnection(stored: RoomsPosition, surroundings: RoomsSurroundings): ConnectionHandler {
  let position = stored;
  /** Rooms that a new connection has brought so far; null once it has brought all. */
  let brought: Set<string> | null = null;

  return {
    ask: () => ({
      body: { lists: { all: { ...list, ranges: [[0, position.wanted - 1]] } }, extensions },
      isWaiting: position.pos !== null && position.known >= position.wanted,
    }),
    async receive(body, isFirst) {
      const answer = parseRoomsAnswer(body);
      if (isFirst) brought = new Set();
      for (const roomId of answer.rooms.keys()) brought?.add(roomId);
      const next = grown({ ...position, pos: answer.pos }, answer.roomCount);
      await surroundings.rooms.receive(answer, stores(next));
      if (brought && next.known >= next.wanted) {
        // A malformed answer must not make rooms disappear.
        if (answer.roomCount !== null && brought.size >= answer.roomCount) await surroundings.rooms.keepOnly(brought);
        brought = null;
      }
      position = next;
      surroundings.onReceived();
      if (isFirst && next.known < next.wanted) await surroundings.restMayFollow();
      return answer.pos;
    },
    // What is held stays; the first answers of the new connection are merged into it, gaps marked.
    async restart() {
      position = firstRooms;
    },
    onState: surroundings.onState,
  };
}

/** The next step of the list, after everything asked for so far has come in. */
function grown(position: RoomsPosition, roomCount: number | null): RoomsPosition {
  const known = position.wanted;
  if (roomCount === null || roomCount <= known) return { ...position, known };
  return { ...position, known, wanted: known + furtherStep };
}

function stores(position: RoomsPosition): StorageChange {
  return { table: 'values', key: roomsPositionKey, value: position };
}
