import { LocalRooms } from './local-rooms.ts';
import type { RoomData, RoomDataSurroundings } from './room-data.ts';

export function createRoomData(surroundings: RoomDataSurroundings): RoomData {
  return new LocalRooms(surroundings);
}
