/** Rooms in which something happened, in the order in which they should be looked at. */
import type { RoomId } from '#contract/ids.ts';

/** What happened, as far as a hint may say it: the look itself finds out. */
export interface Hint {
  readonly roomId: RoomId;
  /** It may have weakened the room's protection. */
  readonly isUrgent: boolean;
  /** It looks like something that this appservice does while it carries a plan out. */
  readonly isEcho: boolean;
}

export interface HintedRooms {
  add(hint: Hint): void;
  /** Takes out at most `atMost` rooms, the urgent ones first; echoes only if they are asked for. */
  take(atMost: number, withEchoes: boolean): Set<RoomId>;
  /** Whether something is left to take. */
  isEmpty(withEchoes: boolean): boolean;
}

export function createHintedRooms(): HintedRooms {
  const urgent = new Set<RoomId>();
  const ordinary = new Set<RoomId>();
  const echoes = new Set<RoomId>();

  function queues(withEchoes: boolean): Set<RoomId>[] {
    return withEchoes ? [urgent, ordinary, echoes] : [urgent, ordinary];
  }

  return {
    add({ roomId, isUrgent, isEcho }) {
      if (isEcho) echoes.add(roomId);
      else if (isUrgent) urgent.add(roomId);
      else ordinary.add(roomId);
    },
    take(atMost, withEchoes) {
      const rooms = new Set<RoomId>();
      for (const queue of queues(withEchoes)) for (const room of queue) if (rooms.size < atMost) rooms.add(room);
      for (const queue of [urgent, ordinary, echoes]) for (const room of rooms) queue.delete(room);
      return rooms;
    },
    isEmpty: (withEchoes) => queues(withEchoes).every((queue) => queue.size === 0),
  };
}
