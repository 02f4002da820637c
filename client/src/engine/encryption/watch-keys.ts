import type { RoomKeyInfo } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { Machine } from './open-machine.ts';

/** Tells of room keys as they are stored, whether a device sent them, the backup had them or they were imported. */
export function watchKeys({ crypto }: Machine, onKeys: (roomId: string, sessionIds: readonly string[]) => void): void {
  const uploadToBackup = crypto.onRoomKeysUpdated.bind(crypto);
  crypto.onRoomKeysUpdated = (keys) => {
    for (const [roomId, ofRoom] of Map.groupBy(keys.map(plain), ({ roomId }) => roomId)) {
      onKeys(
        roomId,
        ofRoom.map(({ sessionId }) => sessionId),
      );
    }
    return uploadToBackup(keys);
  };
}

function plain({ roomId, sessionId }: RoomKeyInfo): { roomId: string; sessionId: string } {
  return { roomId: roomId.toString(), sessionId };
}
