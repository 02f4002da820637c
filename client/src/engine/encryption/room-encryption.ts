/** Encrypts for one room, one message after the other: who may read the next one, and that they have its key. */
import { RoomId } from '@matrix-org/matrix-sdk-crypto-wasm';
import { IdentityChangedError, type EncryptionRoom } from './encryption.ts';
import type { Identities } from './identities.ts';
import type { Machine } from './open-machine.ts';
import { shareRoomKey } from './share-room-key.ts';

export class RoomEncryption {
  readonly #machine: Machine;
  readonly #identities: Identities;
  #last: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine, identities: Identities) {
    this.#machine = machine;
    this.#identities = identities;
  }

  /** Shares the room's key with everybody who is to read the next message. @throws IdentityChangedError */
  prepare(room: EncryptionRoom): Promise<void> {
    return this.#next(() => this.#share(room));
  }

  /** @throws IdentityChangedError before anything is encrypted. */
  encrypt(room: EncryptionRoom, type: string, content: object): Promise<{ type: string; content: object }> {
    return this.#next(async () => {
      await this.#share(room);
      const cipher = await this.#machine.olm.encryptRoomEvent(new RoomId(room.roomId), type, JSON.stringify(content));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by the SDK a moment ago
      return { type: 'm.room.encrypted', content: JSON.parse(cipher) as object };
    });
  }

  /** In the order of the calls: a message must not overtake the key it needs. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #share(room: EncryptionRoom): Promise<void> {
    const userIds = room.members.map(({ userId }) => userId);
    await this.#identities.track(userIds);
    await shareRoomKey(this.#machine, room, await this.#recipients(room, userIds));
  }

  /**
   * In groups, those whose identity has changed are left out until it is accepted, and the others served. Where it is
   * somebody whom the signed-in person had verified, or the other person of a direct chat, nobody gets anything.
   */
  async #recipients(room: EncryptionRoom, userIds: readonly string[]): Promise<readonly string[]> {
    const changed = await this.#identities.changed(userIds);
    const blocking = changed.filter(({ wasVerified }) => wasVerified || room.isDirect);
    if (blocking.length > 0) throw new IdentityChangedError(blocking.map(({ userId }) => userId));
    const leftOut = new Set(changed.map(({ userId }) => userId));
    return userIds.filter((userId) => !leftOut.has(userId));
  }
}
