/** The two connections of sliding sync (MSC4186): rooms at once, encryption as soon as there is one. */
import type { z } from 'zod';
import type { Encryption } from '../encryption/encryption.ts';
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { ConnectionState } from '../protocol.ts';
import type { RoomData } from '../rooms/room-data.ts';
import type { RoomyStorage } from '../storage/roomy-storage.ts';
import { Connection, type ConnectionHandler } from './connection.ts';
import {
  encryptionConnection,
  encryptionPositionKey,
  encryptionPositionSchema,
  firstEncryption,
} from './encryption-connection.ts';
import { firstRooms, roomsConnection, roomsPositionKey, roomsPositionSchema } from './rooms-connection.ts';

export interface SyncSurroundings {
  readonly api: HomeserverApi;
  readonly storage: RoomyStorage;
  readonly rooms: Pick<RoomData, 'receive' | 'keepOnly'>;
  /** Whether anybody looks at the client. */
  isWatched(): boolean;
  onConnection(state: ConnectionState): void;
  /** The first rooms are there (stored before, or just received). Called once. */
  onFirstRooms(): void;
  /** Messages to this device, once their keys are stored; after a crash some come again. */
  onDeviceMessages(messages: readonly unknown[]): void;
  /** Settles when a new device has time for more than its first rooms. */
  restMayFollow(): Promise<void>;
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
    const { rooms, restMayFollow } = this.#surroundings;
    const position = (await this.#stored(roomsPositionKey, roomsPositionSchema)) ?? firstRooms;
    if (position.pos !== null) this.#announceRooms();
    const handler = roomsConnection(position, {
      rooms,
      onState: (isOnline) => this.#show(isOnline ? 'online' : 'offline'),
      onReceived: () => this.#announceRooms(),
      restMayFollow,
    });
    this.#run('rooms', position.pos, handler);
  }

  /** Begins the encryption connection; keys waiting at the homeserver come in. */
  useEncryption(encryption: Encryption): void {
    void this.#startEncryption(encryption);
  }

  /** The network is back: tries at once. */
  wake(): void {
    for (const connection of this.#connections) connection.wake();
  }

  /** Somebody wants to see news now: ends what is only a pause. */
  hurry(): void {
    for (const connection of this.#connections) connection.hurry();
  }

  stop(): void {
    this.#hasStopped = true;
    for (const connection of this.#connections) connection.stop();
  }

  async #startEncryption(encryption: Encryption): Promise<void> {
    const { storage, onDeviceMessages } = this.#surroundings;
    const position = (await this.#stored(encryptionPositionKey, encryptionPositionSchema)) ?? firstEncryption;
    const handler = encryptionConnection(position, storage, encryption, onDeviceMessages);
    this.#run('encryption', position.pos, handler);
  }

  #run(id: string, pos: string | null, handler: ConnectionHandler): void {
    if (this.#hasStopped) return;
    const { api, isWatched } = this.#surroundings;
    const connection = new Connection(api, id, pos, handler, isWatched);
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
    // What one of the two connections has found out, the other need not wait for.
    if (state === 'online') this.hurry();
    this.#surroundings.onConnection(state);
  }
}
