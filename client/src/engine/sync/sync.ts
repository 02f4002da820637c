/** The two connections of sliding sync (MSC4186): rooms at once, encryption as soon as there is one. */
import type { z } from 'zod';
import type { Encryption } from '../encryption/encryption.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { ConnectionState } from '../protocol.ts';
import type { RoomData } from '../rooms/room-data.ts';
import type { Storage } from '../storage/storage.ts';
import { Connection } from './connection.ts';
import {
  encryptionConnection,
  encryptionPositionKey,
  encryptionPositionSchema,
  firstEncryption,
} from './encryption-connection.ts';
import { firstRooms, roomsConnection, roomsPositionKey, roomsPositionSchema } from './rooms-connection.ts';

export interface SyncSurroundings {
  readonly api: HomeserverApi;
  readonly storage: Storage;
  readonly rooms: Pick<RoomData, 'receive' | 'keepOnly'>;
  onConnection(state: ConnectionState): void;
  /** The first rooms are there (stored before, or just received). Called once. */
  onFirstRooms(): void;
}

/** Starts the rooms connection. `RoomData.restore` must have settled. */
export function startSync(surroundings: SyncSurroundings): Sync {
  const sync = new Sync(surroundings);
  void sync.start();
  return sync;
}

export class Sync {
  readonly #surroundings: SyncSurroundings;
  readonly #connections: Connection[] = [];
  #state: ConnectionState = 'connecting';
  #hasRooms = false;
  #hasStopped = false;

  constructor(surroundings: SyncSurroundings) {
    this.#surroundings = surroundings;
  }

  async start(): Promise<void> {
    const { api, rooms } = this.#surroundings;
    const position = (await this.#stored(roomsPositionKey, roomsPositionSchema)) ?? firstRooms;
    if (position.pos !== null) this.#announceRooms();
    const handler = roomsConnection(position, {
      rooms,
      onState: (isOnline) => this.#show(isOnline ? 'online' : 'offline'),
      onReceived: () => this.#announceRooms(),
    });
    this.#run(new Connection(api, 'rooms', position.pos, handler));
  }

  /** Begins the encryption connection; keys waiting at the homeserver come in. */
  useEncryption(encryption: Encryption): void {
    void this.#startEncryption(encryption);
  }

  /** The network is back: tries at once. */
  wake(): void {
    for (const connection of this.#connections) connection.wake();
  }

  stop(): void {
    this.#hasStopped = true;
    for (const connection of this.#connections) connection.stop();
  }

  async #startEncryption(encryption: Encryption): Promise<void> {
    const { api, storage } = this.#surroundings;
    const position = (await this.#stored(encryptionPositionKey, encryptionPositionSchema)) ?? firstEncryption;
    this.#run(new Connection(api, 'encryption', position.pos, encryptionConnection(position, storage, encryption)));
  }

  #run(connection: Connection): void {
    if (this.#hasStopped) return;
    this.#connections.push(connection);
    void connection.run();
  }

  async #stored<T>(key: string, schema: z.ZodType<T>): Promise<T | null> {
    // What cannot be read is asked of the homeserver anew.
    const stored = await this.#surroundings.storage
      .table('values')
      .get(key)
      .catch(() => null);
    return schema.safeParse(stored).data ?? null;
  }

  #announceRooms(): void {
    if (this.#hasRooms) return;
    this.#hasRooms = true;
    this.#surroundings.onFirstRooms();
  }

  #show(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#surroundings.onConnection(state);
  }
}
