/** The two connections of sliding sync (MSC4186): rooms at once, encryption as soon as there is one. */
import type { Encryption } from '../encryption/encryption.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { ConnectionState } from '../protocol.ts';
import type { Storage } from '../storage/storage.ts';
import type { RoomData } from '../rooms/room-data.ts';

export interface SyncSurroundings {
  readonly api: HomeserverApi;
  readonly storage: Storage;
  readonly rooms: Pick<RoomData, 'receive'>;
  onConnection(state: ConnectionState): void;
  /** The first rooms are there (stored before, or just received). Called once. */
  onFirstRooms(): void;
}

export interface Sync {
  /** Begins the encryption connection; keys waiting at the homeserver come in. */
  useEncryption(encryption: Encryption): void;
  /** The network is back: tries at once. */
  wake(): void;
  stop(): void;
}
