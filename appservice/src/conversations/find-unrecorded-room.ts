import { roomOriginKey, roomOriginSchema } from '#contract/event-content.ts';
import type { RoomId } from '#contract/ids.ts';
import type { JoinedRoomsReader, RoomStateReader } from '#appservice/matrix/ports.ts';

/**
 * The room with `address` that was made but never recorded, because the process ended in between; null if there is
 * none. The bot is in all rooms of the inventory and in hardly any other, so there is little to read.
 */
export async function findUnrecordedRoom(
  address: string,
  recordedRooms: ReadonlySet<RoomId>,
  homeserver: JoinedRoomsReader & RoomStateReader,
): Promise<RoomId | null> {
  for (const roomId of await homeserver.joinedRooms()) {
    if (recordedRooms.has(roomId)) continue;
    if ((await addressOf(roomId, homeserver)) === address) return roomId;
  }
  return null;
}

async function addressOf(roomId: RoomId, homeserver: RoomStateReader): Promise<string | undefined> {
  const state = await homeserver.readState(roomId);
  const create = state.find((event) => event.type === 'm.room.create' && event.state_key === '');
  return roomOriginSchema.safeParse(create?.content[roomOriginKey]).data?.address;
}
