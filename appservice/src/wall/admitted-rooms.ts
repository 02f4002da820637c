import type { RoomId } from '#contract/ids.ts';

export interface AdmittedRooms {
  add(roomId: RoomId): void;
  has(roomId: RoomId): boolean;
}

/** Remembers the `roomsMax` rooms added last. What is forgotten is looked up again at the homeserver. */
export function createAdmittedRooms(roomsMax = 200_000): AdmittedRooms {
  const rooms = new Set<RoomId>();
  return {
    has: (roomId) => rooms.has(roomId),
    add(roomId) {
      rooms.delete(roomId);
      rooms.add(roomId);
      const [oldest] = rooms;
      if (rooms.size > roomsMax && oldest !== undefined) rooms.delete(oldest);
    },
  };
}
